// The filter is a plain form. Here its empty fields stay out of the address, and only one panel is open at a time.
const form = document.querySelector("form[data-blanks]");

if (form) {
  const panels = [...form.querySelectorAll("details.facet")];
  const close = (panel) => {
    panel.open = false;
  };

  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value.trim()) field.disabled = true;
  });
  // Back from the next page the fields are there again.
  addEventListener("pageshow", () => {
    for (const field of form.querySelectorAll(".control")) field.disabled = false;
  });
  form.addEventListener("click", (event) => {
    const panel = event.target.closest("summary")?.parentElement;
    if (panel) panels.filter((other) => other !== panel).forEach(close);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("details.facet")) panels.forEach(close);
  });
  form.addEventListener("keydown", (event) => {
    const panel = event.target.closest("details.facet[open]");
    if (event.key !== "Escape" || !panel) return;
    close(panel);
    panel.querySelector("summary").focus();
  });
}

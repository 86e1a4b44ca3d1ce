// Menu and account of the header close on Escape, on a click outside, and when the other one opens.
const panels = [...document.querySelectorAll("#header details")];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const panel of panels.filter((one) => one.open)) {
    panel.open = false;
    panel.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const panel of panels) if (panel.open && !panel.contains(event.target)) panel.open = false;
});

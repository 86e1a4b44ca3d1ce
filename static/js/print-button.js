// The button exists only where a script can print; the sheet says on which day it was printed.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  delete button.dataset.waiting;
  button.addEventListener("click", () => window.print());
}
window.addEventListener("beforeprint", () => {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
  for (const place of document.querySelectorAll("[data-printed]")) place.textContent = day.join("-");
});

// Names for controls that Django leaves without one: cells of tables take their column's, choices found while
// typing take their field's label.
{
  const words = (element) => element?.textContent.replace(/\s+/g, " ").replace(/[:\s]+$/, "").trim() || "";

  const nameCells = (root) => {
    for (const control of root.querySelectorAll("td input:not([type=hidden]), td select, td textarea")) {
      if (control.labels?.length || control.hasAttribute("aria-label")) continue;
      const cell = control.closest("td");
      const head = cell.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
      const name = words(head?.querySelector(".text") || head);
      if (name) control.setAttribute("aria-label", name);
    }
  };

  const nameChoices = (root) => {
    for (const box of root.querySelectorAll(".select2-container")) {
      const select = box.previousElementSibling;
      if (!(select instanceof HTMLSelectElement)) continue;
      const name = words(select.labels?.[0]) || select.getAttribute("aria-label");
      if (!name) continue;
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", name);
      }
    }
  };

  const name = (root) => {
    nameCells(root);
    nameChoices(root);
    for (const hint of root.querySelectorAll(".help-tooltip[aria-label]")) hint.setAttribute("role", "img");
    for (const head of root.querySelectorAll("thead th.original:empty")) head.setAttribute("aria-hidden", "true");
  };

  window.addEventListener("load", () => name(document));
  document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));
}

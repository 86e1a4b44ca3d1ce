// Names for what Django leaves without one: cells of tables take their column's, choices found while
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

  // Phones show a row of a table as a block, where the heads of the columns are not seen.
  const nameValues = () => {
    for (const table of document.querySelectorAll("#result_list, .inline-group .tabular table")) {
      const heads = [...(table.tHead?.rows[0]?.cells || [])];
      // The head of the first two cells of an inline may be one.
      const spans = heads.flatMap((head) => Array(head.colSpan).fill(head));
      for (const cell of table.querySelectorAll("tbody td:not([data-label], .action-checkbox, .original)")) {
        const head = spans[cell.cellIndex];
        const name = words(head?.querySelector(".text") || (table.id ? null : head));
        if (name) cell.dataset.label = name;
        cell.classList.toggle("is-blank", ["-", "–"].includes(cell.textContent.trim()) && !cell.children.length);
      }
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

  const nameEditors = (root) => {
    for (const editor of root.querySelectorAll(".tiptap:not([aria-label])")) {
      const name = words(editor.closest(".form-row, td")?.querySelector("label"));
      if (name) editor.setAttribute("aria-label", name);
    }
  };

  const name = () => {
    nameCells(document);
    nameValues();
    nameChoices(document);
    nameEditors(document);
    for (const hint of document.querySelectorAll(".help-tooltip[aria-label]")) hint.setAttribute("role", "img");
    for (const head of document.querySelectorAll("thead th.original:empty")) head.setAttribute("aria-hidden", "true");
  };

  // The machinery of fields starts at different moments and adds rows later.
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; name(); });
  }).observe(document.body, { childList: true, subtree: true });
  name();
}

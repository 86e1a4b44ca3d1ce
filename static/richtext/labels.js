// The names of the editor's buttons in the language of the admin: its package leaves them in English.
import { gettext, interpolate } from "haiheng-editor/dialog"

const NAMES = {
  bold: gettext("Bold"),
  italic: gettext("Italic"),
  subscript: gettext("Subscript"),
  superscript: gettext("Superscript"),
  paragraph: gettext("Paragraph"),
  "unordered list": gettext("List with bullets"),
  "ordered list": gettext("Numbered list"),
  blockquote: gettext("Quotation"),
  "horizontal rule": gettext("Line across"),
  figure: gettext("Picture"),
  "insert link": gettext("Link (Ctrl+K)"),
  "remove link": gettext("Remove the link"),
  undo: gettext("Undo"),
  redo: gettext("Redo"),
  "edit html": gettext("HTML"),
  "insert table": gettext("Table"),
  "add column": gettext("Add a column"),
  "delete column": gettext("Delete the column"),
  "add row": gettext("Add a row"),
  "delete row": gettext("Delete the row"),
  "merge cells": gettext("Merge cells"),
  "split cell": gettext("Split the cell"),
  "toggle header cell": gettext("Heading cell or plain cell"),
  "delete table": gettext("Delete the table"),
  "table caption": gettext("Caption of the table"),
  "first row as headings": gettext("First row as headings"),
  "first column as headings": gettext("First column as headings"),
}

const named = (words) => {
  const level = /^heading (\d)$/i.exec(words)
  return level ? interpolate(gettext("Heading %(level)s"), { level: level[1] }) : NAMES[words.toLowerCase()]
}

function name(detail) {
  const menu = detail.textarea.closest(".prose-editor")?.querySelector(".prose-menubar")
  for (const button of menu?.querySelectorAll("button[title]") || []) {
    const label = named(button.title)
    if (!label) continue
    button.title = label
    button.setAttribute("aria-label", label)
  }
  for (const option of menu?.querySelectorAll(".ProseMirror > * > *") || []) {
    const label = !option.children.length && named(option.textContent)
    if (label) option.textContent = label
  }
}

// The menu is made when the editor says that it was created, which may be later.
document.addEventListener("prose-editor:ready", ({ detail }) => {
  name(detail)
  detail.editor.on("create", () => name(detail))
})

// Dialogs of the text editor. They stand outside the form, so that typing in them changes nothing in it.
import { crel } from "django-prose-editor/editor"

export const gettext = window.gettext || ((words) => words)
export const interpolate = (words, values) => words.replace(/%\((\w+)\)s/g, (_all, name) => values[name])

let number = 0
export const freshId = () => `richtext-${++number}`

// The language being written, which need not be that of the admin.
export const language = () =>
  document.querySelector("[data-history-language]")?.dataset.historyLanguage ||
  new URLSearchParams(location.search).get("language") || document.documentElement.lang

export const field = (label, input, help = "") => {
  input.id ||= freshId()
  const parts = [crel("label", { htmlFor: input.id, textContent: label }), input]
  if (help) {
    const hint = crel("p", { className: "prose-editor-help", id: `${input.id}-help`, textContent: help })
    input.setAttribute("aria-describedby", hint.id)
    parts.push(hint)
  }
  return crel("div", { className: "prose-editor-dialog-field" }, parts)
}

// `submit(close)` is called on Enter and on the main button; closing without it gives `undefined`.
export const openDialog = ({ title, css = "", content, buttons = [], submitText, submit }) =>
  new Promise((resolve) => {
    const heading = crel("h3", { className: "prose-editor-dialog-title", textContent: title, id: freshId() })
    const send = crel("button", { type: "submit", className: "richtext-main", textContent: submitText })
    const cancel = crel("button", { type: "button", textContent: gettext("Cancel") })
    const row = crel("div", { className: "prose-editor-dialog-buttons" }, [send, ...buttons, cancel])
    const form = crel("form", { method: "dialog" }, [heading, ...content, row])
    const dialog = crel("dialog", { className: `prose-editor-dialog ${css}`, "aria-labelledby": heading.id }, [form])
    let result
    const close = (value) => {
      result = value
      dialog.close()
    }
    for (const button of buttons) button.addEventListener("click", () => close(button.richtextValue))
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      submit(close)
    })
    cancel.addEventListener("click", () => close())
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(result)
    })
    document.body.append(dialog)
    dialog.showModal()
  })

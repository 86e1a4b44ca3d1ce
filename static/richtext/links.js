// Links: chosen from the items of the site, which they follow wherever these move, or typed as an address.
import { crel, Link as BaseLink, Plugin } from "django-prose-editor/editor"
import { freshId, gettext, interpolate, language, openDialog } from "haiheng-editor/dialog"

const WAIT_MS = 150
const ADDRESS = /^(?:[a-z][a-z+.-]*:|\/|#|www\.)/i
const HOST = /^[^\s@/]+\.[a-z]{2,}(?:[/?#]\S*)?$/i
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

async function ask(url, query) {
  const answer = await fetch(`${url}?${new URLSearchParams({ language: language(), ...query })}`, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(answer.status)
  return (await answer.json()).items
}

// What was typed as an address, or "" if it is none.
function addressOf(typed) {
  if (MAIL.test(typed)) return `mailto:${typed}`
  if (/^www\./i.test(typed) || (HOST.test(typed) && !ADDRESS.test(typed))) return `https://${typed}`
  return ADDRESS.test(typed) && !/\s/.test(typed) ? typed : ""
}

// Without the host under which staff work, which need not be the one that the public knows.
const own = (address) => (address.startsWith(`${location.origin}/`) ? address.slice(location.origin.length) : address)

const option = (item) =>
  crel("li", { id: freshId(), role: "option", "aria-selected": "false", "data-item": item.item }, [
    crel("span", { className: "richtext-title", textContent: item.title }),
    crel("span", { className: "richtext-kind", textContent: item.kind }),
    ...(item.state ? [crel("span", { className: "richtext-state", textContent: item.state })] : []),
  ])

// The field with its list, as in the pattern "combobox with a list".
function chooser(url, attrs) {
  const list = crel("ul", { id: freshId(), role: "listbox", className: "richtext-items", "aria-label": gettext("Items") })
  const input = crel("input", {
    type: "text", id: freshId(), autocomplete: "off", value: attrs.item ? "" : attrs.href || "", role: "combobox",
    "aria-controls": list.id, "aria-expanded": "true", "aria-autocomplete": "list",
  })
  const status = crel("p", { role: "status", className: "richtext-status" })
  const now = crel("p", { className: "richtext-now", hidden: true })
  const label = crel("label", { htmlFor: input.id, textContent: gettext("Search for an item, or enter an address") })
  let found = [], active = -1, asked = 0, timer = 0

  const mark = (at) => {
    active = at
    ;[...list.children].forEach((each, place) => each.setAttribute("aria-selected", String(place === at)))
    if (at < 0) input.removeAttribute("aria-activedescendant")
    else {
      input.setAttribute("aria-activedescendant", list.children[at].id)
      list.children[at].scrollIntoView({ block: "nearest" })
    }
  }
  const show = async () => {
    const typed = input.value.trim(), turn = ++asked, address = addressOf(typed)
    try {
      const items = await ask(url, address ? { address: own(address) } : { q: typed })
      if (turn !== asked) return
      found = items
      list.replaceChildren(...items.map(option))
      mark(address && items.length ? 0 : -1)
      status.textContent = address ? (items.length ? gettext("A page of this site: the link follows it when it moves.") : "") : items.length ? "" : gettext("Nothing found.")
    } catch {
      status.textContent = gettext("The list cannot be read now. Addresses can be entered.")
    }
  }
  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(show, WAIT_MS)
  })
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || event.isComposing || !found.length) return
    event.preventDefault()
    mark((active + step + found.length) % found.length)
  })
  list.addEventListener("click", (event) => {
    const place = [...list.children].indexOf(event.target.closest("li"))
    if (place < 0) return
    mark(place)
    input.form.requestSubmit()
  })
  if (attrs.item) {
    ask(url, { item: attrs.item }).then(([item]) => {
      now.textContent = item ? `${interpolate(gettext("Leads to: %(kind)s “%(title)s”"), item)}${item.state ? ` (${item.state})` : ""}` : gettext("The item of this link was deleted.")
      now.hidden = false
    }, () => {})
  }
  show()
  const value = () => {
    if (found[active]) return { item: found[active].item, href: found[active].href, title: found[active].title }
    const typed = input.value.trim(), address = addressOf(typed)
    if (address) return { item: null, href: address, title: typed }
    if (!typed && attrs.item) return { item: attrs.item, href: attrs.href, title: "" }
    status.textContent = gettext("Choose an item from the list, or enter an address.")
    input.focus()
    return null
  }
  return { content: [now, label, input, status, list], value }
}

async function choose(url, attrs) {
  const { content, value } = chooser(url, attrs)
  const remove = crel("button", { type: "button", textContent: gettext("Remove the link") })
  remove.richtextValue = null
  return openDialog({
    title: attrs.href ? gettext("Change the link") : gettext("Insert a link"),
    css: "richtext-link-dialog",
    content,
    buttons: attrs.href ? [remove] : [],
    submitText: attrs.href ? gettext("Change") : gettext("Insert"),
    submit(close) {
      const chosen = value()
      if (chosen) close(chosen)
    },
  })
}

// Addresses of our own that were typed or pasted become links to the item that stands there.
function follow(editor, url, known) {
  const wanted = new Set()
  editor.state.doc.descendants((node) => {
    for (const { type, attrs } of node.marks) {
      const href = attrs.href || ""
      if (type.name === "link" && !attrs.item && !known.has(href) && (href.startsWith(`${location.origin}/`) || /^\/[^/]/.test(href))) wanted.add(href)
    }
  })
  for (const href of wanted) {
    known.add(href)
    ask(url, { address: own(href) }).then(([item]) => {
      if (!item || editor.isDestroyed) return
      const { tr } = editor.state
      editor.state.doc.descendants((node, at) => {
        const mark = node.marks.find(({ type, attrs }) => type.name === "link" && attrs.href === href && !attrs.item)
        if (mark) tr.addMark(at, at + node.nodeSize, mark.type.create({ ...mark.attrs, item: item.item }))
      })
      if (tr.docChanged) editor.view.dispatch(tr.setMeta("addToHistory", false))
    }, () => known.delete(href))
  }
}

export const Link = BaseLink.extend({
  addOptions() {
    return { ...this.parent?.(), itemsUrl: "" }
  },

  addAttributes() {
    return {
      ...this.parent?.(),
      item: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-item"),
        renderHTML: ({ item }) => (item ? { "data-item": item } : {}),
      },
    }
  },

  addMenuItems(given) {
    this.parent?.(given)
    given.menu.defineItem({
      name: "link",
      groups: "link",
      command: (editor) => editor.commands.addLink(),
      button: given.buttons.material("insert_link", "insert link"),
      active: (editor) => editor.isActive("link"),
    })
  },

  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        const attrs = editor.isActive("link") ? editor.getAttributes("link") : {}
        choose(this.options.itemsUrl, attrs).then((chosen) => {
          const chain = editor.chain().focus()
          if (chosen === null) chain.extendMarkRange("link").unsetLink().run()
          if (!chosen) return
          const link = { ...attrs, href: chosen.href, item: chosen.item }
          if (attrs.href) chain.extendMarkRange("link").updateAttributes("link", link).run()
          else if (!editor.state.selection.empty) chain.setMark("link", link).run()
          else chain.insertContent([{ type: "text", text: chosen.title, marks: [{ type: "link", attrs: link }] }, { type: "text", text: " " }]).run()
        })
        return true
      },
    }
  },

  addProseMirrorPlugins() {
    const { editor } = this, url = this.options.itemsUrl, known = new Set()
    const view = () => ({ update: (_view, before) => { if (before.doc !== editor.state.doc) follow(editor, url, known) } })
    return [...(this.parent?.() || []), new Plugin({ view })]
  },
})

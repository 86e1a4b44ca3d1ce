// Tables with a caption and a first row of headings.
import { crel, Table as BaseTable } from "django-prose-editor/editor"
import { field, gettext, openDialog } from "haiheng-editor/dialog"

const MOST = 30
const number = (value) => crel("input", { type: "number", min: 1, max: MOST, value, required: true })
const captionField = (value = "") => crel("input", { type: "text", maxLength: 200, value })
const CAPTION_HELP = gettext("What the table tells, in a few words. It stands above it.")

async function ask() {
  const rows = number("4"), columns = number("3"), caption = captionField()
  const headings = crel("input", { type: "checkbox", checked: true })
  return openDialog({
    title: gettext("Insert a table"),
    content: [
      field(gettext("Rows"), rows), field(gettext("Columns"), columns),
      field(gettext("The first row holds headings"), headings), field(gettext("Caption"), caption, CAPTION_HELP),
    ],
    submitText: gettext("Insert"),
    submit: (close) => close({ rows: rows.valueAsNumber, cols: columns.valueAsNumber, withHeaderRow: headings.checked, caption: caption.value.trim() }),
  })
}

async function askCaption(value) {
  const caption = captionField(value)
  return openDialog({
    title: gettext("Caption of the table"), content: [field(gettext("Caption"), caption, CAPTION_HELP)],
    submitText: gettext("Change"), submit: (close) => close({ caption: caption.value.trim() }),
  })
}

export const Table = BaseTable.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      caption: {
        default: "",
        parseHTML: (element) => [...element.children].find(({ tagName }) => tagName === "CAPTION")?.textContent.replace(/\s+/g, " ").trim() || "",
        renderHTML: () => ({}),
      },
    }
  },

  parseHTML() {
    // Its words are an attribute; as content they would become a row.
    return [{ tag: "table" }, { tag: "table > caption", ignore: true }]
  },

  renderHTML({ node }) {
    const caption = node.attrs.caption ? [["caption", node.attrs.caption]] : []
    return ["table", {}, ...caption, ["tbody", 0]]
  },

  addNodeView() {
    const made = this.parent?.()
    return (given) => {
      const view = made(given), shown = crel("caption", { contentEditable: "false" })
      const show = (node) => {
        shown.textContent = node.attrs.caption
        if (!node.attrs.caption) shown.remove()
        else if (!shown.isConnected || view.table.firstChild !== shown) view.table.prepend(shown)
      }
      const update = view.update, ignore = view.ignoreMutation?.bind(view)
      view.update = (node, ...rest) => {
        const taken = update(node, ...rest)
        if (taken) show(node)
        return taken
      }
      view.ignoreMutation = (mutation) => shown.contains(mutation.target) || [...(mutation.addedNodes || []), ...(mutation.removedNodes || [])].includes(shown) || ignore?.(mutation)
      show(given.node)
      return view
    }
  },

  addMenuItems(given) {
    this.parent?.(given)
    const inTable = (editor) => !editor.isActive("table")
    given.menu.defineItem({
      name: "table:caption", groups: "table", hidden: inTable, button: given.buttons.material("short_text", "table caption"),
      command: (editor) => askCaption(editor.getAttributes("table").caption).then((given) => {
        if (given) editor.chain().focus().updateAttributes("table", given).run()
      }),
    })
    given.menu.defineItem({
      name: "table:headings", groups: "table", hidden: inTable, button: given.buttons.material("border_top", "first row as headings"),
      command: (editor) => editor.chain().focus().toggleHeaderRow().run(),
    })
    given.menu.defineItem({
      name: "table:side", groups: "table", hidden: inTable, button: given.buttons.material("border_left", "first column as headings"),
      command: (editor) => editor.chain().focus().toggleHeaderColumn().run(),
    })
  },

  addCommands() {
    return {
      ...this.parent?.(),
      insertTableWithOptions: () => ({ editor }) => {
        ask().then((given) => {
          if (!given) return
          const { caption, ...size } = given
          const chain = editor.chain().focus().insertTable(size)
          if (caption) chain.updateAttributes("table", { caption })
          chain.run()
        })
        return true
      },
    }
  },
})

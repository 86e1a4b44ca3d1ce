// Pictures from the clipboard and by drag and drop: into the library, with words for those who do not see them.
import { crel, Figure as BaseFigure, Plugin } from "django-prose-editor/editor"
import { field, gettext, interpolate, language, openDialog } from "haiheng-editor/dialog"
import { cleaned, parsed } from "haiheng-editor/paste"

async function upload(url, file, alt) {
  const data = new FormData()
  data.append("file", file)
  data.append("alt", alt)
  data.append("language", language())
  const headers = { Accept: "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value }
  let answer
  try { answer = await fetch(url, { method: "POST", body: data, headers }) } catch { return { error: gettext("Not uploaded: no connection. Try again.") } }
  try { return await answer.json() } catch { return { error: gettext("Not uploaded. You may be signed out: sign in in another tab, then try again.") } }
}

// The picture in the library, or undefined if it is not wanted after all.
async function add(url, { file, alt = "" }, place) {
  const shown = URL.createObjectURL(file)
  const image = crel("img", { src: shown, alt: "", className: "richtext-picture" })
  image.addEventListener("error", () => image.remove())
  const words = crel("input", { type: "text", value: alt, maxLength: 300 })
  const caption = crel("input", { type: "text", maxLength: 500 })
  const status = crel("p", { role: "alert", className: "richtext-status" })
  let busy = false
  const picture = await openDialog({
    title: place ? interpolate(gettext("Picture %(number)s of %(count)s"), place) : gettext("Insert a picture"),
    css: "richtext-picture-dialog",
    content: [
      image,
      field(gettext("What does it show?"), words, gettext("For readers who cannot see it, and for search engines.")),
      field(gettext("Caption"), caption),
      status,
    ],
    submitText: gettext("Upload and insert"),
    async submit(close) {
      if (busy) return
      busy = true
      status.textContent = gettext("Uploading …")
      const answer = await upload(url, file, words.value.trim())
      busy = false
      if (answer.id) close({ ...answer, caption: caption.value.trim() })
      else status.textContent = answer.error || gettext("Not uploaded. Try again.")
    },
  })
  URL.revokeObjectURL(shown)
  return picture
}

const figure = ({ id, url, alternative_text: alt, caption }) => ({
  type: "figure",
  content: [
    { type: "image", attrs: { src: url, alt, file: String(id) } },
    ...(caption ? [{ type: "caption", content: [{ type: "text", text: caption }] }] : []),
  ],
})

// Where a note of this text stands; the whole paragraph if there is nothing else in it.
function placeOf(doc, note) {
  let found = null
  doc.descendants((node, at, parent) => {
    const start = node.isText ? node.text.indexOf(note) : -1
    if (found || start < 0) return
    const alone = parent.type.name === "paragraph" && parent.textContent === note
    found = alone ? { from: at - 1, to: at + node.nodeSize + 1 } : { from: at + start, to: at + start + note.length }
  })
  return found
}

async function addAll(editor, url, wanted) {
  for (const [at, each] of wanted.entries()) {
    const picture = await add(url, each, wanted.length > 1 ? { number: at + 1, count: wanted.length } : null)
    if (editor.isDestroyed) return
    const place = each.note && placeOf(editor.state.doc, each.note)
    if (picture && (place || !each.note)) {
      const chain = editor.chain().focus()
      if (place) chain.insertContentAt(place, figure(picture)).run()
      else chain.insertContent(figure(picture)).run()
    }
  }
  editor.commands.focus()
}

const pictureFiles = (data) => [...(data?.files || [])].filter(({ type, name }) => type.startsWith("image/") || /\.hei[cf]$/i.test(name))

// Office programs put a picture of the text beside the text itself; browsers the tag beside the picture.
const isOnlyPicture = (html) => {
  const body = parsed(html)
  return !body.textContent.trim() && body.querySelectorAll("img").length === 1
}

export const Figure = BaseFigure.extend({
  onCreate() {
    this.parent?.()
    // The list of pictures shows the words of the language being written.
    this.options.pickerUrl = `${this.options.pickerUrl}?language=${encodeURIComponent(language())}`
  },

  addProseMirrorPlugins() {
    const { editor } = this, url = String(this.options.pickerUrl)
    const take = (files) => addAll(editor, url, files.map((file) => ({ file })))
    let waiting = []
    return [...(this.parent?.() || []), new Plugin({
      props: {
        transformPastedHTML(html) {
          const notes = (editor.state.doc.textContent.match(/⟦[^⟦⟧]*⟧/g) || []).length
          const clean = cleaned(html, notes)
          waiting.push(...clean.pictures)
          // After the paste itself.
          if (clean.pictures.length) setTimeout(() => addAll(editor, url, waiting.splice(0)))
          return clean.html
        },
        handlePaste(_view, event) {
          const files = pictureFiles(event.clipboardData), html = event.clipboardData?.getData("text/html") || ""
          if (!files.length || (html && !isOnlyPicture(html))) return false
          event.preventDefault()
          take(files)
          return true
        },
        handleDrop(view, event, _slice, moved) {
          const files = pictureFiles(event.dataTransfer)
          if (moved || !files.length) return false
          event.preventDefault()
          const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
          if (place) editor.commands.setTextSelection(place.pos)
          take(files)
          return true
        },
      },
    })]
  },
})

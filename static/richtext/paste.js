// What Word, WeChat and web pages put on the clipboard, made ready for the editor: structure and words stay.
import { gettext, interpolate } from "haiheng-editor/dialog"

// Two megabytes of styles go before anything is parsed.
const BALLAST = /<!--[\s\S]*?-->|<!\[[^\]]*\]>|<style[\s\S]*?<\/style>|<xml[\s\S]*?<\/xml>|<(?:meta|link)\b[^>]*>|<\/?[owvm]:[^>]*>/gi
const LEVEL = /mso-list:[^;]*\blevel(\d)/
const BULLET = /^[\s\u00a0]*[·•●○▪■◆➢✓§\-–o\uf0b7\uf0a7\uf0d8\uf0fc][\s\u00a0]+/
const NUMBER = /^[\s\u00a0]*\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)][\s\u00a0]+/i
const LEVELS = { H1: "h2", H5: "h4", H6: "h4" }
const EMOJI_LENGTH = 8

// Styles would be applied while parsing, which the policy refuses; only Word's lists are read from them.
export const parsed = (html) =>
  new DOMParser().parseFromString(html.replace(BALLAST, "").replace(/<[a-z][^>]*\sstyle=[^>]*>/gi, (tag) => tag.replace(/\sstyle=/gi, " data-style=")), "text/html").body

function cut(node, length) {
  for (const child of [...node.childNodes]) {
    if (length <= 0) break
    if (child.nodeType === Node.TEXT_NODE) {
      const gone = Math.min(length, child.data.length)
      child.data = child.data.slice(gone)
      length -= gone
    } else length = cut(child, length)
  }
  return length
}

// Word pastes lists as paragraphs with a bullet typed in front.
function lists(body) {
  let open = []
  for (const part of [...body.querySelectorAll("p")]) {
    const level = LEVEL.exec(part.dataset.style || "")
    const found = level || /MsoListParagraph/.test(part.className) ? [[BULLET, "ul"], [NUMBER, "ol"]].map(([sign, tag]) => [sign.exec(part.textContent), tag]).find(([match]) => match) : null
    if (!found) { open = []; continue }
    const [match, tag] = found, depth = level ? Number(level[1]) : 1
    cut(part, match[0].length)
    const item = document.createElement("li")
    item.append(...part.childNodes)
    if (open.length && part.previousElementSibling !== open[0].list) open = []
    while (open.length && open.at(-1).depth > depth) open.pop()
    if (open.length && open.at(-1).depth === depth && open.at(-1).tag !== tag) open.pop()
    if (!open.length || open.at(-1).depth < depth) {
      const list = document.createElement(tag)
      if (open.length) open.at(-1).list.lastElementChild.append(list)
      else part.before(list)
      open.push({ depth, tag, list })
    }
    open.at(-1).list.append(item)
    part.remove()
  }
}

function fileOf(address) {
  const [, type, data] = /^data:(image\/[\w.+-]+);base64,([\s\S]*)$/.exec(address) || []
  if (!data) return null
  try {
    const bytes = Uint8Array.from(atob(data.replace(/\s/g, "")), (sign) => sign.charCodeAt(0))
    return new File([bytes], `pasted.${type.slice(6).replace("jpeg", "jpg").replace(/\W.*/, "")}`, { type })
  } catch { return null }
}

const isOurs = (image, address) =>
  image.hasAttribute("data-file") || address.startsWith(`${location.origin}/`) || /^\/[^/]/.test(address)

// HTML for the editor, and the pictures that came within it: [{ note, file }], the note marking their place.
export function cleaned(html, notes) {
  if (html.includes("data-pm-slice")) return { html, pictures: [] }
  const body = parsed(html)
  lists(body)
  for (const heading of body.querySelectorAll("h1, h5, h6")) {
    const other = document.createElement(LEVELS[heading.tagName])
    other.append(...heading.childNodes)
    heading.replaceWith(other)
  }
  const pictures = []
  for (const image of body.querySelectorAll("img")) {
    const address = image.getAttribute("src") || "", alt = image.alt.replace(/[⟦⟧]/g, "").replace(/\s+/g, " ").trim()
    if (isOurs(image, address)) continue
    if (alt && alt.length <= EMOJI_LENGTH && !/[\p{L}\p{N}]/u.test(alt)) { image.replaceWith(alt); continue }
    const words = interpolate(gettext("Picture %(number)s was not copied: upload it"), { number: ++notes })
    const note = `⟦${words}${alt ? `: ${alt}` : ""}⟧`, file = fileOf(address)
    if (file) pictures.push({ note, file, alt })
    const place = document.createElement("p")
    place.textContent = note
    image.replaceWith(place)
  }
  for (const part of body.querySelectorAll("[data-style]")) part.removeAttribute("data-style")
  return { html: body.innerHTML, pictures }
}

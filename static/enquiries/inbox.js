// The inbox without this script: rows lead to pages, forms are sent. With it: preview beside the list, refresh,
// keyboard, drafts that are kept while typing, and who else has the enquiry open.
const REFRESH_SECONDS = 30;
const PRESENCE_SECONDS = 20;
const DRAFT_SECONDS = 2;

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

async function post(url, values, keepalive = false) {
  return fetch(url, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token(), ...values }), keepalive, credentials: "same-origin" });
}

// --- One enquiry, on its own page or in the preview -------------------------

const storage = {
  read(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
  write(key, value) { try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* full or forbidden */ } },
};

// Sent before its draft was saved: it stands in the timeline, and must not wait in the field to be sent once more.
function isSaid(answer, text) {
  const plain = (words) => words.replace(/\s+/g, "");
  const said = answer.closest(".enquiry").querySelectorAll(".is-reply .timeline-body, .is-note .timeline-body");
  return Boolean(text) && [...said].some((body) => plain(body.textContent) === plain(text));
}

function keepDrafts(answer, pk) {
  const fields = [...answer.querySelectorAll("[data-draft]")];
  const state = answer.querySelector("[data-draft-state]");
  let timer = 0;
  const save = async () => {
    timer = 0;
    const values = Object.fromEntries(fields.map((field) => [field.dataset.draft, field.value]));
    try {
      const response = await post(answer.dataset.draftUrl, values, true);
      if (!response.ok || !(response.headers.get("Content-Type") ?? "").includes("json")) throw new Error(String(response.status));
      const said = await response.json();
      if (state) state.textContent = said.text;
      for (const field of fields) storage.write(`draft-${pk}-${field.dataset.draft}`, "");
    } catch { /* the copy in this tab stays; the next change tries again */ }
  };
  for (const field of fields) {
    const key = `draft-${pk}-${field.dataset.draft}`;
    // What the server has not got, because the session had ended or the line was down.
    const kept = isSaid(answer, storage.read(key)) ? "" : storage.read(key);
    if (!kept) storage.write(key, "");
    if (kept && kept !== field.value) { field.value = kept; timer = setTimeout(save, DRAFT_SECONDS * 1000); }
    field.addEventListener("input", () => {
      storage.write(key, field.value);
      if (!timer) timer = setTimeout(save, DRAFT_SECONDS * 1000);
    });
  }
  for (const form of answer.querySelectorAll("form:not([target])")) {
    form.addEventListener("submit", () => { clearTimeout(timer); timer = -1; });
  }
}

function sayPresence(answer, enquiry) {
  const place = enquiry.querySelector("[data-others]");
  const tell = async () => {
    if (!answer.isConnected) { clearInterval(timer); return; }
    if (document.hidden) return;
    const body = answer.querySelector("[data-draft=body]");
    try {
      const response = await post(answer.dataset.presenceUrl, { writing: body && document.activeElement === body && body.value ? "1" : "0" });
      const said = await response.json();
      if (place) place.textContent = said.others.join(" · ");
      if (said.latest > Number(enquiry.querySelector(".timeline")?.dataset.latest ?? said.latest)) await freshen(enquiry);
    } catch { /* next time */ }
  };
  const timer = setInterval(tell, PRESENCE_SECONDS * 1000);
}

// Something was written meanwhile: the timeline is fetched anew, the box with the half-written answer stays as it is.
async function freshen(enquiry) {
  const address = enquiry.querySelector(".answer").dataset.presenceUrl.replace(/presence\/$/, "preview/");
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const mine = enquiry.querySelector(".timeline"), theirs = fresh.querySelector(".timeline");
  if (!mine || !theirs) return;
  const known = new Set([...mine.children].map((entry) => entry.id));
  const arrived = [...theirs.querySelectorAll("[id]")].filter((entry) => !known.has(entry.id));
  for (const entry of arrived) entry.classList.add("is-arrived");
  mine.replaceWith(theirs);
  for (const part of [".enquiry-facts", ".enquiry-meta"]) {
    const old = enquiry.querySelector(part), now = fresh.querySelector(part);
    if (old && now) old.replaceWith(now);
  }
  announce(enquiry.querySelector("[data-arrived]"), arrived);
}

function announce(place, arrived) {
  if (!place || !arrived.length) return;
  const message = arrived.find((entry) => entry.classList.contains("is-inbound"));
  const link = Object.assign(document.createElement("a"), { href: `#${(message ?? arrived[0]).id}`, textContent: place.dataset.show });
  link.addEventListener("click", () => place.replaceChildren());
  place.replaceChildren(`${message ? place.dataset.message : place.dataset.change} `, link);
}

// The buyer's words into the answer, to write between them; then they need not stand below it once more.
function quoteByHand(answer) {
  const button = answer.querySelector("[data-insert-quote]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = answer.querySelector("[data-draft=body]");
    const quotation = answer.querySelector("[data-quotation]").textContent.trimEnd();
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${quotation}\n` : `${quotation}\n`;
    answer.querySelector("[data-quote]").checked = false;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

function prepare(enquiry) {
  const answer = enquiry.querySelector(".answer");
  if (!answer) return;
  const pk = enquiry.dataset.pk;
  keepDrafts(answer, pk);
  sayPresence(answer, enquiry);
  for (const select of enquiry.querySelectorAll("[data-fills]")) {
    select.addEventListener("change", () => {
      const field = document.getElementById(select.dataset.fills);
      const text = select.selectedOptions[0]?.dataset.text ?? "";
      if (!text) return;
      field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
  quoteByHand(answer);
  for (const link of enquiry.querySelectorAll("[data-tab]")) {
    const tab = document.getElementById(`tab-${link.dataset.tab}`);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      tab.checked = true;
      answer.scrollIntoView();
      answer.querySelector(`.is-${link.dataset.tab}-panel textarea`)?.focus({ preventScroll: true });
    });
  }
  for (const link of enquiry.querySelectorAll("[data-opened]")) {
    link.addEventListener("click", () => post(answer.dataset.openedUrl, { program: link.dataset.opened }, true));
  }
  // In the preview, a button leads back to the list with this enquiry open.
  if (enquiry.classList.contains("is-preview")) {
    for (const form of enquiry.querySelectorAll("form[method=post]")) {
      const next = Object.assign(document.createElement("input"), { type: "hidden", name: "next", value: location.pathname + location.search });
      form.append(next);
    }
  }
}

// --- The list ----------------------------------------------------------------

const inbox = document.getElementById("inbox");
const wide = matchMedia("(min-width: 64rem)");

function rows() { return [...document.querySelectorAll(".inbox-row")]; }

function mark(pk) {
  for (const row of rows()) {
    if (row.dataset.pk === pk) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
  }
}

let asked = 0;
async function preview(link) {
  const row = link.closest(".inbox-row");
  const number = ++asked;
  const response = await fetch(`${new URL(link.href).pathname.replace(/change\/$/, "")}preview/`, { credentials: "same-origin" });
  if (!response.ok || response.redirected) { location.href = link.href; return; }
  const html = await response.text();
  if (number !== asked) return;
  const pane = document.getElementById("inbox-preview");
  pane.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  pane.scrollTop = 0;
  mark(row.dataset.pk);
  row.classList.remove("is-unread");
  const address = new URL(location.href);
  address.searchParams.set("open", row.dataset.pk);
  history.replaceState(null, "", address);
  pane.querySelectorAll(".enquiry").forEach(prepare);
}

// What is unread now and was not before is shown for a moment, and said to who cannot see it.
function welcome(arrived) {
  for (const row of arrived) row.classList.add("is-arrived");
  const place = document.getElementById("inbox-arrived");
  if (place && arrived.length) place.textContent = `${place.dataset.text}${arrived.map((row) => row.querySelector(".inbox-row-name")?.textContent.trim()).join(", ")}`;
}

// On a phone the views are a row of tabs that is longer than the screen.
function showCurrentView() {
  const tabs = document.querySelector(".inbox-view-list"), current = tabs?.querySelector("[aria-current]");
  if (current && tabs.scrollWidth > tabs.clientWidth) tabs.scrollLeft += current.getBoundingClientRect().x - tabs.clientWidth / 3;
}

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(location.href, { credentials: "same-origin" });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const chosen = new Set([...document.querySelectorAll(".inbox-row input:checked")].map((box) => box.value));
    const focused = document.activeElement?.closest?.(".inbox-row")?.dataset.pk;
    const current = document.querySelector(".inbox-row[aria-current]")?.dataset.pk;
    const known = new Map(rows().map((row) => [row.dataset.pk, row.classList.contains("is-unread")]));
    for (const id of ["inbox-rows", "inbox-views", "inbox-paging", "inbox-summary"]) {
      const mine = document.getElementById(id), theirs = fresh.getElementById(id);
      if (mine && theirs) mine.replaceChildren(...theirs.childNodes);
    }
    for (const box of document.querySelectorAll(".inbox-row input")) box.checked = chosen.has(box.value);
    if (current) mark(current);
    if (focused) document.querySelector(`.inbox-row[data-pk="${focused}"] a`)?.focus({ preventScroll: true });
    showCurrentView();
    document.title = fresh.title;
    welcome(rows().filter((row) => row.classList.contains("is-unread") && !known.get(row.dataset.pk)));
  } catch { /* the next round */ }
}

if (inbox) {
  inbox.addEventListener("click", (event) => {
    const link = event.target.closest?.(".inbox-row-link");
    if (!link || !wide.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    preview(link);
  });
  // Up and down move between rows, Enter opens (that is what a link does).
  inbox.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = event.target.closest?.(".inbox-row");
    if (!row) return;
    const to = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const link = to?.querySelector?.("a");
    if (link) { event.preventDefault(); link.focus(); }
  });
  const all = document.getElementById("inbox-all");
  if (all) all.hidden = false;
  all?.addEventListener("change", (event) => {
    for (const box of document.querySelectorAll(".inbox-row input")) box.checked = event.target.checked;
  });
  document.getElementById("inbox-order")?.addEventListener("change", (event) => event.target.form.submit());
  showCurrentView();
  setInterval(refresh, REFRESH_SECONDS * 1000);
}
// A menu closes when something else is pressed, or by Escape.
function closeMenus(except) {
  for (const menu of document.querySelectorAll(".enquiry-more[open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest?.(".enquiry-more")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelector(".enquiry-more[open] > summary")?.focus();
  closeMenus(null);
});

document.querySelectorAll(".enquiry").forEach(prepare);
document.querySelector(".enquiry-problems")?.focus();

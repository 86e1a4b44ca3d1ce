// Nothing typed is lost: unsaved text is kept in this browser and offered again, and leaving a changed form asks.
// Without this script the form works.
(() => {
  const KEEP_MS = 700, DAY_MS = 86_400_000;
  const SENT = "history-sent", SAVED = "#history-saved";
  const COUNTS = /-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "history_version", "history_sent"]);
  const editors = new Map();
  document.addEventListener("prose-editor:ready", ({ detail }) => editors.set(detail.textarea, detail.editor));

  const store = (place, name, value) => {
    try {
      if (value) place.setItem(name, value);
      else if (value === "") place.removeItem(name);
      return place.getItem(name);
    } catch { return null; /* full or forbidden */ }
  };
  const local = (name, value) => store(localStorage, name, value);
  const session = (name, value) => store(sessionStorage, name, value);

  // --- The fields of a form, as [name, value] or [name, [[value, text], …]] for what is chosen ---
  const chosen = (field) => [...field.selectedOptions].map((option) => [option.value, option.text]);
  function values(form) {
    return [...form.elements]
      .filter(({ name, type, disabled }) => name && !disabled && !NOT_KEPT.has(name) && !name.includes("__prefix__") && !["file", "submit", "button"].includes(type))
      .map((field) => [field.name, field.selectedOptions ? chosen(field) : ["checkbox", "radio"].includes(field.type) ? [field.value, field.checked] : field.value]);
  }

  function fill(field, value) {
    if (field.selectedOptions) {
      for (const [key, text] of value) if (![...field.options].some((option) => option.value === key)) field.add(new Option(text, key));
      const keys = new Set(value.map(([key]) => key));
      for (const option of field.options) option.selected = keys.has(option.value);
    } else if (Array.isArray(value)) {
      if (field.value === value[0]) field.checked = value[1];
    } else {
      field.value = value;
      editors.get(field)?.commands.setContent(value, { emitUpdate: true });
    }
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  function bring(form, kept) {
    const strange = [];
    for (const [name, value] of kept.values) {
      const field = form.elements[name];
      if (name.endsWith("-INITIAL_FORMS") && field?.value !== value) strange.push(name.slice(0, -13));
      if (!name.endsWith("-TOTAL_FORMS") || !field) continue;
      const more = document.querySelector(`#${name.slice(0, -12)}-group .add-row a`);
      for (let left = value - field.value; more && left > 0; left--) more.click();
    }
    for (const [name, value] of kept.values) {
      const field = form.elements[name];
      // Rows that somebody else added or took out since: theirs stay.
      if (!field || COUNTS.test(name) || strange.some((prefix) => name.startsWith(prefix))) continue;
      for (const each of field.name ? [field] : field) fill(each, value);
    }
    // It rests on the version shown then: saving puts it together with all that came since.
    form.elements.history_version.value = kept.version;
  }

  function keepText(form, place) {
    const key = `history:${place.dataset.historyUser}:${location.pathname}:${place.dataset.historyLanguage}`;
    const aside = `${key}~`;
    const failed = document.querySelector(".errornote") !== null;
    let before = null, timer = 0, leaving = false;
    const now = () => JSON.stringify(values(form));
    const dirty = () => failed || (before !== null && before !== now());
    const keep = () => {
      clearTimeout(timer);
      timer = 0;
      if (before === null || leaving) return;
      local(key, dirty() ? JSON.stringify({ at: Date.now(), version: form.elements.history_version.value, values: values(form) }) : "");
    };
    for (const kind of ["focusin", "pointerdown", "keydown"]) form.addEventListener(kind, () => { before ??= now(); }, true);
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => { timer ||= setTimeout(keep, KEEP_MS); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && timer) keep(); });
    addEventListener("pagehide", () => { if (timer) keep(); });
    addEventListener("beforeunload", (event) => { if (!leaving && dirty()) event.preventDefault(); });
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || event.submitter?.formTarget || event.submitter?.hasAttribute("formaction")) return;
      before ??= now();
      keep();
      leaving = true;
      session(SENT, key);
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "history_sent", value: "1" }));
    });
    addEventListener("pageshow", () => { leaving = false; });

    // Put aside, so that new words do not take its place before it is looked at.
    const last = local(key);
    if (last && !failed) {
      local(aside, last);
      local(key, "");
    }
    let kept = null;
    try { kept = JSON.parse(local(aside)); } catch { /* not ours */ }
    if (!kept || kept.at < Date.now() - 30 * DAY_MS || JSON.stringify(kept.values) === now()) { local(aside, ""); return; }
    const box = place.querySelector(".history-kept");
    box.querySelector("time").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang || undefined);
    box.hidden = false;
    box.addEventListener("click", ({ target }) => {
      if (!target.dataset.history) return;
      if (target.dataset.history === "bring") { before ??= now(); bring(form, kept); keep(); }
      local(aside, "");
      box.hidden = true;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const sent = session(SENT);
    if (location.hash === SAVED) {
      if (sent) local(sent, "");
      history.replaceState(null, "", location.pathname + location.search);
    }
    if (!document.querySelector(".history-conflict")) session(SENT, "");
    const place = document.querySelector(".history-form"), form = place?.closest("form");
    if (form) keepText(form, place);
  });
})();

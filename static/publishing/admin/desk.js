// The form of an item: Ctrl-S saves without publishing, one save at a time, and the preview beside the form.
// Without this script every button works.
(() => {
  const WAIT_MS = 900;

  function saving(form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (button?.formTarget) return;
      if (sent || (button?.dataset.deskAsk && !confirm(button.dataset.deskAsk))) { event.preventDefault(); event.stopImmediatePropagation(); return; }
      sent = true;
    }, true);
    addEventListener("pageshow", () => { sent = false; });
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      const save = form.querySelector("[data-desk-save]");
      if (save) form.requestSubmit(save);
    });
    // Where no moment is chosen yet, the button leads to the field instead of to an error.
    const moment = form.querySelector("[name=published_at]");
    form.querySelector("[data-desk-schedule]")?.addEventListener("click", (event) => {
      if (!moment || moment.value) return;
      event.preventDefault();
      moment.scrollIntoView({ block: "center" });
      moment.focus();
      try { moment.showPicker(); } catch { /* older browsers: the field is there */ }
    });
    form.querySelector(".desk-buttons")?.closest("form").querySelector(".errors input, .errors textarea, .errors select")?.focus();
  }

  function previewing(form) {
    const pane = form.querySelector(".desk-pane"), button = form.querySelector("[data-desk-pane]");
    const source = form.querySelector("[data-desk-preview]");
    if (!pane || !button || !source) return;
    const frame = pane.querySelector("iframe"), status = pane.querySelector("p");
    let timer = 0, running = false, again = false;

    async function make() {
      if (running) { again = true; return; }
      running = true;
      status.textContent = status.dataset.deskMaking;
      const place = frame.contentWindow?.scrollY ?? 0;
      try {
        const answer = await fetch(source.formAction, { method: "POST", body: new FormData(form) });
        if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) throw new Error(answer.status);
        const page = await answer.text();
        frame.onload = () => frame.contentWindow.scrollTo(0, place);
        // Links open beside the form, not in its pane; scripts are not allowed there.
        frame.srcdoc = page.replace(/<script\b[^]*?<\/script>/gi, "").replace(/<head>/i, '<head><base target="_blank">');
        status.textContent = `${status.dataset.deskMade} ${new Date().toLocaleTimeString(document.documentElement.lang || undefined)}`;
      } catch {
        status.textContent = status.dataset.deskFailed;
      }
      running = false;
      if (again) { again = false; make(); }
    }
    const soon = () => { if (pane.hidden) return; clearTimeout(timer); timer = setTimeout(make, WAIT_MS); };

    button.hidden = false;
    button.addEventListener("click", () => {
      pane.hidden = !pane.hidden;
      button.setAttribute("aria-expanded", String(!pane.hidden));
      document.body.classList.toggle("desk-has-pane", !pane.hidden);
      if (!pane.hidden) make();
    });
    for (const kind of ["input", "change"]) form.addEventListener(kind, soon);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".desk-buttons")?.closest("form");
    if (!form) return;
    saving(form);
    previewing(form);
  });
})();

// Who else has this form open, whether somebody saved it meanwhile, and whether the session has ended.
document.addEventListener("DOMContentLoaded", () => {
  const PRESENCE_MS = 20_000;
  const place = document.querySelector(".history-form"), form = place?.closest("form");
  if (!form || !place.dataset.historyEditing) return;
  const line = place.querySelector(".history-others"), token = form.elements.csrfmiddlewaretoken;
  const tell = async () => {
    if (document.hidden) return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token.value, version: form.elements.history_version.value });
    try {
      const answer = await fetch(place.dataset.historyEditing, { method: "POST", body });
      if (answer.ok && !answer.redirected) {
        const said = await answer.json();
        line.textContent = [...said.others, said.newer].filter(Boolean).join(" · ");
      } else {
        // Signed in again in another tab: this form goes on with a token of that session.
        const page = await fetch(location.href);
        const fresh = !page.redirected && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form [name=csrfmiddlewaretoken]");
        if (fresh) token.value = fresh.value;
        line.textContent = fresh ? "" : place.dataset.historySignedOut;
      }
      line.hidden = !line.textContent;
    } catch { /* the line is down: the next time */ }
  };
  tell();
  setInterval(tell, PRESENCE_MS);
  document.addEventListener("visibilitychange", tell);
});

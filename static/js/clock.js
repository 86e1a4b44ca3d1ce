// Times in other zones: <time data-clock="Africa/Nairobi">, or a <span> where none is known before. A page may be old, or
// come from a cache: the time never is.
// A place that only a script can fill is hidden until then: <p data-clock-shown hidden>.
const REFRESH_SECONDS = 15;

function show() {
  const now = new Date();
  for (const place of document.querySelectorAll("[data-clock]")) {
    try {
      const format = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
        weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: place.dataset.clock,
      });
      const part = Object.fromEntries(format.formatToParts(now).map((each) => [each.type, each.value]));
      const text = `${part.weekday} ${part.hour}:${part.minute}`;
      if (place.textContent !== text) place.textContent = text;
      place.dateTime = now.toISOString();
      const shown = place.closest("[data-clock-shown]");
      if (shown) shown.hidden = false;
    } catch { /* a zone that this browser does not know */ }
  }
}

show();
setInterval(show, REFRESH_SECONDS * 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) show(); });

"""One JSON object per log line, with the id of the request it belongs to."""

import json
import logging
import time
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")

# What `extra=` may add to a line. A list of names, so that a request object, a body or a password never
# reaches the log because somebody passed it along.
EXTRA_FIELDS = (
    *("event", "user", "method", "path", "status", "milliseconds", "object", "job", "count", "client"),
    *("mail", "problem", "refused", "uid", "file", "run", "item", "why", "worker", "failures", "error"),
)

_LINE_BREAKERS = {ord("\u2028"): "\\u2028", ord("\u2029"): "\\u2029", ord("\x7f"): "\\u007f", ord("\x85"): "\\u0085"}


# Under this name the id stays with the request.
KEPT_AS = "haiheng.request_id"


def _told(record: logging.LogRecord) -> str:
    """The id of the request that a line brings along: Django speaks of some answers after all else is done."""
    return str(getattr(getattr(record, "request", None), "META", {}).get(KEPT_AS, ""))


class JsonFormatter(logging.Formatter):
    """json.dumps escapes line ends and control characters, so no message can forge a second line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get() or _told(record):
            line["request"] = current
        for name in EXTRA_FIELDS:
            value = record.__dict__.get(name)
            if value is not None:
                line[name] = value if isinstance(value, int | float) else str(value)
        # Django names the failing address here; the query may hold what a visitor typed, so only the code is kept.
        if "status" not in line and (status := record.__dict__.get("status_code")):
            line["status"] = status
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # Chinese stays readable; what is invisible or directs text (bidi overrides) is escaped.
        text = json.dumps(line, ensure_ascii=False, default=str).translate(_LINE_BREAKERS)
        return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else "?" for c in text)

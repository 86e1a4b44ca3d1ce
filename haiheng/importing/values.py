"""Reads what people write into cells. Each function raises ValidationError in plain words."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from haiheng.languages import slugs
from haiheng.publishing.years import validate_year
from haiheng.richtext.sanitizer import clean

# Empties a field; an empty cell leaves it as it is.
CLEAR = "-"
_YES = {"yes", "y", "true", "1", "x", "ja", "oui", "是", "有", "✓", "✔"}
_NO = {"no", "n", "false", "0", "否", "无", "没有", "✗"}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?\Z"
)
_TAG = re.compile(r"</?(?:p|h[1-6]|ul|ol|li|table|br|strong|em|b|i|a|div|figure|blockquote|img|span)\b[^>]*>", re.I)
_GROUPS = re.compile(r"(?<=\d)[\s\u00a0\u202f,'](?=\d{3}(?!\d))")
_RANGE = re.compile(r"\s*(?:–|—|~|～|\bto\b|至|-(?=\s*\d))\s*")


def text(value: Any) -> str:
    """One line; numbers without the .0 that spreadsheets give them."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date() if value.time() == time.min else value.strftime("%Y-%m-%d %H:%M")
    return " ".join(str(value).split())


def lines(value: Any) -> str:
    return "\n".join(" ".join(line.split()) for line in str(value).strip().splitlines())


def rich(value: Any) -> str:
    """HTML as it is stored; a text without tags becomes paragraphs."""
    given = str(value).replace("\r\n", "\n").strip()
    if not _TAG.search(given):
        parts = [part.strip() for part in re.split(r"\n\s*\n|\n", given)]
        given = "".join(f"<p>{escape(part)}</p>" for part in parts if part)
    return clean(given)


def slug(value: Any) -> str:
    given = text(value).strip("/").rpartition("/")[2].lower()
    if given != slugs.slug_for(given):
        raise ValidationError(
            _("“%(value)s” cannot be an address. Like this: %(like)s")
            % {"value": given[:60], "like": slugs.slug_for(given) or "new-bus"}
        )
    slugs.validate_slug(given)
    return given


def yes(value: Any) -> bool:
    given = text(value).casefold()
    if isinstance(value, bool):
        return value
    if given in _YES | {str(_("yes")).casefold()}:
        return True
    if given in _NO | {str(_("no")).casefold()}:
        return False
    raise ValidationError(_("“%(value)s” is neither yes nor no.") % {"value": given[:40]})


def number(value: Any) -> Decimal:
    """5990, 5 990, 5,990 and 5990.0 are the same; 5,9 is five comma nine."""
    if isinstance(value, bool | date):
        raise ValidationError(_("“%(value)s” is no number.") % {"value": text(value)})
    given = _GROUPS.sub("", str(value).strip())
    if given.count(",") == 1 and "." not in given:
        given = given.replace(",", ".")
    try:
        found = Decimal(given)
    except InvalidOperation:
        raise ValidationError(_("“%(value)s” is no number.") % {"value": str(value)[:40]}) from None
    if not found.is_finite() or abs(found) >= 10**10:
        raise ValidationError(_("“%(value)s” is no number.") % {"value": str(value)[:40]})
    return found


def whole(value: Any) -> int:
    found = number(value)
    if found != found.to_integral_value() or found < 0:
        raise ValidationError(_("“%(value)s” is no whole number.") % {"value": str(value)[:40]})
    return int(found)


def extent(value: Any) -> tuple[Decimal, Decimal | None]:
    """A number, or a range like 5990–6100."""
    if not isinstance(value, str):
        return number(value), None
    first, *rest = _RANGE.split(value.strip(), maxsplit=1)
    low, high = number(first), number(rest[0]) if rest else None
    if high is not None and high < low:
        raise ValidationError(_("The end of the range is below its beginning."))
    return low, high


def moment(value: Any) -> datetime:
    """A day or a moment by the company's clock."""
    found = _moment(value)
    validate_year(found)
    return found


def _moment(value: Any) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    if isinstance(value, datetime):
        return timezone.make_aware(value.replace(tzinfo=None), zone)
    if isinstance(value, date):
        return datetime.combine(value, time(9), tzinfo=zone)
    match = _DATE.match(str(value).strip())
    if match is None:
        raise ValidationError(_("“%(value)s” is no date. Like this: 2026-05-31") % {"value": str(value)[:40]})
    year, month, day, hour, minute = match.groups()
    try:
        return datetime(int(year), int(month), int(day), int(hour or 9), int(minute or 0), tzinfo=zone)
    except ValueError:
        raise ValidationError(_("There is no such day: %(value)s") % {"value": str(value)[:40]}) from None


def several(value: Any) -> list[str]:
    """Names with commas or semicolons between them, each once."""
    parts = (part.strip() for part in re.split(r"[,;，；、\n]", text(value) if not isinstance(value, str) else value))
    return list(dict.fromkeys(part for part in parts if part))

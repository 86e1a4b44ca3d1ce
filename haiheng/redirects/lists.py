"""Lists of old addresses, as spreadsheet programs write them: read, judged line by line, then brought in."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haiheng.redirects import lookup, paths, placing
from haiheng.redirects.models import FormerNumber, Origin, Redirect

MOST_LINES = 10_000
_HEADINGS = {"old", "from", "source", "path", "address", "number", "series", "new", "to", "target", "旧地址", "新地址"}
# What spreadsheet programs save: Unicode, or the encoding of Chinese Windows.
_ENCODINGS = ("utf-8-sig", "gb18030")


class Verdict(models.TextChoices):
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("leads elsewhere now")
    SAME = "same", gettext_lazy("there already")
    FAULTY = "faulty", gettext_lazy("not possible")


@dataclass
class Line:
    """A line of the list; `old` is a path, or a number of the series."""

    number: int
    old: str
    target: str
    verdict: Verdict = Verdict.NEW
    note: str = ""


@dataclass
class Plan:
    series: str = ""
    lines: list[Line] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def changes(self) -> int:
        return self.count(Verdict.NEW) + self.count(Verdict.CHANGED)


def text_of(data: bytes) -> str:
    """The text of an uploaded list. Raises ValidationError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("This is no text. Save the list as CSV (UTF-8)."))


def read(text: str, series: str = "") -> Plan:
    """Judge every line against the table; nothing is written. Raises ValidationError if it is no list."""
    rows = list(_rows(text))
    if not rows:
        raise ValidationError(_("The list is empty."))
    if len(rows) > MOST_LINES:
        raise ValidationError(_("At most %(count)d lines at once.") % {"count": MOST_LINES})
    plan = Plan(series, [_line(number, cells, series) for number, cells in rows])
    _compare(plan)
    return plan


def bring_in(plan: Plan) -> int:
    """Write what is new or changed, all or nothing; returns how many lines."""
    wanted = {line.old: line.target for line in plan.lines if line.verdict in {Verdict.NEW, Verdict.CHANGED}}
    if plan.series:
        placing.number_all(plan.series, wanted)
    else:
        placing.point_all(wanted, origin=Origin.IMPORT)
    return len(wanted)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines without the heading and without empty ones; separated by comma, semicolon or tab."""
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator)
    try:
        for cells in reader:
            found = [cell.strip() for cell in cells]
            if not any(found) or (reader.line_num == 1 and _is_heading(found)):
                continue
            yield reader.line_num, found
    except csv.Error as error:
        message = _("Line %(line)d cannot be read: %(reason)s.") % {"line": reader.line_num, "reason": error}
        raise ValidationError(message) from None


def _is_heading(cells: list[str]) -> bool:
    words = {word for cell in cells for word in cell.lower().replace("_", " ").split()}
    return bool(words & _HEADINGS) and "/" not in cells[0]


def _line(number: int, cells: list[str], series: str) -> Line:
    line = Line(number, cells[0], cells[1] if len(cells) > 1 else "")
    try:
        if not line.old or not line.target:
            raise ValidationError(_("Two columns are needed: the old address and the new one."))
        line.target = paths.new_address(line.target)
        line.old = _number(line.old) if series else paths.old_address(line.old)
    except ValidationError as error:
        line.verdict, line.note = Verdict.FAULTY, " ".join(error.messages)
    return line


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise ValidationError(_("“%(text)s” is no number of the former site.") % {"text": text[:40]})
    return text.lstrip("0") or "0"


def _compare(plan: Plan) -> None:
    known = _known(plan)
    within = {line.old: line.target for line in plan.lines if line.verdict != Verdict.FAULTY}
    both = {**known, **within}
    live = set() if plan.series else lookup.live_among(within)
    seen: dict[str, int] = {}
    for line in plan.lines:
        if line.verdict == Verdict.FAULTY:
            continue
        if line.old in seen:
            _refuse(line, _("The same as line %(line)d.") % {"line": seen[line.old]})
        elif not plan.series and _circles(line.old, both):
            _refuse(line, _("The redirect would lead back to where it began."))
        elif not plan.series and line.old in live:
            _refuse(line, _("There is a page at this address."))
        elif line.old in known:
            target = placing.end_of(line.target, {} if plan.series else both)
            line.verdict = Verdict.SAME if known[line.old] in {line.target, target} else Verdict.CHANGED
            line.note = "" if line.verdict == Verdict.SAME else known[line.old]
        seen.setdefault(line.old, line.number)


def _known(plan: Plan) -> dict[str, str]:
    """Where what the lines name leads today, and where their targets lead."""
    asked = [line.old for line in plan.lines]
    found: dict[str, str] = {}
    rows: models.QuerySet[Any, tuple[str, str]]
    for some in _portions(asked + [paths.key(line.target) for line in plan.lines if not plan.series]):
        if plan.series:
            rows = FormerNumber.objects.filter(series=plan.series, number__in=some).values_list("number", "target")
        else:
            rows = Redirect.objects.filter(path__in=some).values_list("path", "target")
        found.update(rows)
    return found


def _circles(old: str, redirects: dict[str, str]) -> bool:
    seen, here = {old}, redirects.get(old, "")
    while here:
        if paths.key(here) in seen:
            return True
        seen.add(paths.key(here))
        here = redirects.get(paths.key(here), "")
    return False


def _refuse(line: Line, note: str) -> None:
    line.verdict, line.note = Verdict.FAULTY, note


def _portions(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + 500] for start in range(0, len(values), 500))

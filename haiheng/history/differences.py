"""Two versions compared, in words that a member of staff reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime, parse_time
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from haiheng.history import wording
from haiheng.history.merging import MISSING, Path
from haiheng.history.snapshots import Content, found_by_key, references
from haiheng.history.tracking import Rows, Shape, shape_of

LONG = 80

_nothing = SafeString("")
# What is seen better than named: by model, set by the app that draws it.
DRAWN: dict[str, Callable[[Any], SafeString]] = {}


@dataclass(frozen=True)
class Change:
    """One line of a difference; `before` and `after` are empty where there was or is nothing."""

    label: str
    before: SafeString
    after: SafeString
    # For long texts: the changed passages, instead of the two values.
    passages: SafeString = _nothing
    # What happened, where it is neither a value that changed nor a text.
    sentence: str = ""


@dataclass(frozen=True)
class Comparison:
    """Values of one model in words; the names of other objects as they are called now, or were called then."""

    model: type[models.Model]
    contents: tuple[Content, ...]

    @cached_property
    def shape(self) -> Shape:
        return shape_of(self.model)

    @cached_property
    def others(self) -> dict[str, dict[str, Any]]:
        wanted: dict[type[models.Model], set[Any]] = {}
        for content in self.contents:
            for model, keys in references(self.shape, content).items():
                wanted.setdefault(model, set()).update(keys)
        return {
            model._meta.label_lower: {str(pk): each for pk, each in found_by_key(model, keys).items()}
            for model, keys in wanted.items()
        }

    # --- Names ------------------------------------------------------------------

    def name_of(self, field: Any, key: Any) -> SafeString:
        """The name of what a field points at, with its picture where it has one."""
        label, key = field.related_model._meta.label_lower, str(key)
        found = self.others.get(label, {}).get(key)
        if found is not None:
            image = DRAWN[label](found) if label in DRAWN else _nothing
            return format_html("{} {}", image, str(found)) if image else format_html("{}", str(found))
        names = (content["names"].get(label, {}).get(key) for content in self.contents)
        return format_html("{}", next((name for name in names if name), f"#{key}"))

    def in_words(self, field: Any, value: Any) -> SafeString:
        if value is MISSING or value is None or value == "" or value == []:
            return SafeString("")
        if isinstance(value, list):
            return format_html_join(", ", "{}", ((self._one(field, each),) for each in value))
        return self._one(field, value)

    def _one(self, field: Any, value: Any) -> SafeString:
        if field.is_relation and field.related_model is not None and not isinstance(value, str):
            return self.name_of(field, value)
        if isinstance(value, bool):
            return format_html("{}", _("yes") if value else _("no"))
        if field.choices:
            return format_html("{}", str(dict(field.flatchoices).get(value, value)))
        return format_html("{}", _moment(field, value) or str(value))

    # --- Changes ----------------------------------------------------------------

    def changes(self, before: Content, after: Content) -> list[Change]:
        return [
            *self._of_values(self.shape.fields, before["fields"], after["fields"], ("fields",)),
            *self._of_values(self.shape.relations, before["relations"], after["relations"], ("relations",)),
            *self._of_values(self.shape.tags, before["tags"], after["tags"], ("tags",)),
            *self._of_texts(before["texts"], after["texts"]),
            *(
                change
                for rows in self.shape.parts
                for change in self._of_rows(
                    rows, before["parts"].get(rows.name, {}), after["parts"].get(rows.name, {})
                )
            ),
        ]

    def _of_values(self, fields: Any, before: dict[str, Any], after: dict[str, Any], path: Path) -> Iterator[Change]:
        for field in fields:
            old, new = before.get(field.name), after.get(field.name)
            if old != new:
                yield self.change((*path, field.name), old, new)

    def _of_texts(self, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
        for language in dict.fromkeys([*before, *after]):
            old, new = before.get(language), after.get(language)
            if old is None or new is None:
                sentence = _("%(language)s added") if old is None else _("%(language)s deleted")
                yield Change(
                    language_name(language),
                    _nothing,
                    _nothing,
                    sentence=sentence % {"language": language_name(language)},
                )
            yield from self._of_values(self.shape.text_fields, old or {}, new or {}, ("texts", language))

    def _of_rows(self, rows: Rows, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
        moved = False
        for key in dict.fromkeys([*before, *after]):
            old, new = before.get(key), after.get(key)
            if old is None or new is None:
                yield self.change(("parts", rows.name, key), old or MISSING, new or MISSING)
                continue
            for kind, fields in (("fields", rows.fields), ("relations", rows.relations)):
                compared = [field for field in fields if field.name != "position"]
                yield from self._of_values(compared, old[kind], new[kind], ("parts", rows.name, key, kind))
            moved = moved or old["fields"].get("position") != new["fields"].get("position")
        if moved and _ordered(before) != _ordered(after):
            plural = capfirst(str(rows.model._meta.verbose_name_plural))
            yield Change(plural, _nothing, _nothing, sentence=_("Order changed: %(things)s") % {"things": plural})

    def change(self, path: Path, before: Any, after: Any) -> Change:
        """One difference, whatever it is about."""
        if path[0] == "texts" and len(path) == 2:
            name = language_name(path[1])
            return Change(name, *(self._text_in_words(each) for each in (before, after)))
        if path[0] == "parts" and len(path) == 3:
            return self._row_change(self.shape.part(path[1]), path[2], before, after)
        field, label = self._field(path)
        if field.name == "trashed_at":
            put = after is not None and after is not MISSING
            return Change(
                label, _nothing, _nothing, sentence=_("Put into the trash") if put else _("Taken out of the trash")
            )
        if _is_long(field, before, after):
            is_html = getattr(field, "holds_html", False)
            passages = wording.compared(_text(before), _text(after), is_html=is_html)
            if not passages:
                return Change(
                    label, _nothing, _nothing, sentence=_("%(field)s: only the formatting changed") % {"field": label}
                )
            return Change(label, _nothing, _nothing, passages)
        return Change(label, self.in_words(field, before), self.in_words(field, after))

    def _field(self, path: Path) -> tuple[Any, str]:
        if path[0] == "parts":
            rows = self.shape.part(path[1])
            field = next(each for each in (*rows.fields, *rows.relations) if each.name == path[4])
            row = self._row_name(rows, path[2])
            plain = field.name in getattr(rows.model, "history_main_fields", ())
            return field, row if plain else f"{row}, {field.verbose_name}"
        if path[0] == "texts":
            field = next(each for each in self.shape.text_fields if each.name == path[2])
            name = capfirst(str(field.verbose_name))
            return field, _("%(field)s (%(language)s)") % {"field": name, "language": language_name(path[1])}
        fields: dict[str, tuple[Any, ...]] = {
            "fields": self.shape.fields, "relations": self.shape.relations, "tags": self.shape.tags,
        }  # fmt: skip
        field = next(each for each in fields[path[0]] if each.name == path[1])
        return field, capfirst(str(field.verbose_name))

    # --- Rows -------------------------------------------------------------------

    def _row_name(self, rows: Rows, key: str) -> str:
        if rows.key is None:
            return capfirst(str(rows.model._meta.verbose_name))
        field = next(each for each in rows.fields if each.name == rows.key)
        found = self.others.get(field.related_model._meta.label_lower, {}).get(key)
        return capfirst(str(found)) if found is not None else str(self.name_of(field, key))

    def _row_in_words(self, rows: Rows, row: Any) -> SafeString:
        if row is MISSING:
            return SafeString("")
        fields = [field for field in (*rows.fields, *rows.relations) if field.name not in ("position", rows.key)]
        values = {**row["fields"], **row["relations"]}
        words = [
            self.in_words(field, values.get(field.name)) for field in fields if values.get(field.name) is not False
        ]
        return format_html_join(" ", "{}", ((each,) for each in words if each))

    def _row_change(self, rows: Rows, key: str, before: Any, after: Any) -> Change:
        name = self._row_name(rows, key)
        if rows.key is not None:
            field = next(each for each in rows.fields if each.name == rows.key)
            kind = capfirst(str(field.verbose_name))
            label = f"{kind} “{name}”"
            shown = self.name_of(field, int(key)) if field.related_model._meta.label_lower in DRAWN else None
        else:
            label, shown = name, None
        old, new = self._row_in_words(rows, before), self._row_in_words(rows, after)
        if before is MISSING or after is MISSING:
            sentence = _("%(thing)s added") if before is MISSING else _("%(thing)s taken out")
            if shown is None:
                return Change(label, old, new, sentence=sentence % {"thing": label})
            return Change(
                label, shown if before is not MISSING else _nothing, shown if after is not MISSING else _nothing,
                sentence=sentence % {"thing": label},
            )  # fmt: skip
        return Change(label, old, new)

    def _text_in_words(self, text: Any) -> SafeString:
        if text is MISSING:
            return SafeString("")
        title = next((value for value in text.values() if isinstance(value, str) and value), "")
        return format_html("{}", title)


def _ordered(rows: dict[str, Any]) -> list[str]:
    return sorted(rows, key=lambda key: (rows[key]["fields"].get("position") or 0, rows[key]["pk"]))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_long(field: Any, before: Any, after: Any) -> bool:
    if getattr(field, "holds_html", False):
        return True
    texts = _text(before), _text(after)
    return all(texts) and not field.choices and (any(len(text) > LONG or "\n" in text for text in texts))


def _moment(field: Any, value: Any) -> str:
    kind = field.get_internal_type()
    if kind == "DateTimeField" and (moment := parse_datetime(value)):
        return date_format(timezone.localtime(moment), "Y-m-d H:i")
    if kind == "TimeField" and (moment_of_day := parse_time(value)):
        return time_format(moment_of_day, "H:i")
    return ""


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code

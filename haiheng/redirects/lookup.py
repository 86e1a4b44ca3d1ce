"""Where an address that has no page leads: one query, and none for the patterns, which are kept in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q

from haiheng.addresses import language_of_path
from haiheng.pagecache import version
from haiheng.publishing.models import Publishable, State
from haiheng.redirects import paths, patterns
from haiheng.redirects.models import Finds, FormerNumber, Pattern, Redirect
from haiheng.seo.sitemaps import in_language

_AT_ONCE = 400


@dataclass(frozen=True)
class Found:
    target: str
    # Number of the row that is to be counted; None for a pattern.
    pk: int | None = None


def find(path: str, *, exactly: bool = False) -> Found | None:
    """`path` is decoded; `exactly` asks for this very address, not for one of its kind."""
    key = paths.key(path)
    if len(key) > paths.LONGEST or key == "/":
        return None
    tail = "" if exactly else paths.tail(key)
    either = Q(path=key) | Q(tail=tail) if tail else Q(path=key)
    rows = Redirect.objects.filter(either).order_by("-pk").values_list("path", "pk", "target")
    found = sorted(rows, key=lambda row: row[0] != key)
    if found:
        return Found(found[0][2], found[0][1])
    return None if exactly else _by_pattern(key)


def target_of(path: str) -> str:
    """The decoded path to which an old one leads, or ""."""
    found = find(path)
    return found.target if found else ""


def _by_pattern(key: str) -> Found | None:
    for pattern in version.memo("redirects.patterns", lambda: list(Pattern.objects.all())):
        values = patterns.match(pattern.pattern, key)
        if values is not None and (target := _target(pattern, values, key)):
            return Found(target)
    return None


def _target(pattern: Pattern, values: dict[str, str], key: str) -> str:
    found = ""
    if pattern.finds == Finds.NUMBER:
        number = values["number"].lstrip("0") or "0"
        numbers = FormerNumber.objects.filter(series=pattern.series, number__in={number, values["number"]})
        found = numbers.values_list("target", flat=True).first() or ""
    elif pattern.finds == Finds.SLUG:
        found = item_named(values["slug"], language_of_path(key))
    return found or _filled(pattern, values)


def _filled(pattern: Pattern, values: dict[str, str]) -> str:
    """Nothing but the site's own paths: a placeholder cannot begin another host's address."""
    try:
        return paths.new_address(patterns.filled(pattern.target, values)) if pattern.target else ""
    except ValidationError:
        # What stood in the place of the placeholder makes no address.
        return ""


def item_named(slug: str, language: str) -> str:
    """The path of the public item with this slug or model number, or ""."""
    for model in content_models():
        items = model._default_manager.published(language, slug=slug).prefetch_related("translations")
        item: Any = items.first()
        if item is None and any(field.name == "code" for field in model._meta.get_fields()):
            item = model._default_manager.published(language).filter(code__iexact=slug).first()
        if item is not None:
            return unquoted(item, language)
    return ""


def content_models() -> "list[Any]":
    """Every kind of content with pages of its own."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def is_live(path: str) -> bool:
    """Whether a page of content stands at this decoded path now."""
    return bool(live_among([path]))


def live_among(decoded: Iterable[str]) -> set[str]:
    """The keys of those paths at which a page of content stands now."""
    asked = {paths.key(path) for path in decoded}
    slugs = sorted({key.rpartition("/")[2] for key in asked})
    found: set[str] = set()
    for model in content_models():
        for start in range(0, len(slugs), _AT_ONCE):
            some = slugs[start : start + _AT_ONCE]
            items = model._default_manager.in_state(State.PUBLISHED).filter(translations__slug__in=some).distinct()
            for item in items.prefetch_related("translations"):
                found |= {paths.key(unquoted(item, code)) for code in item.ready_languages()}
    return found & asked


def unquoted(item: Any, language: str) -> str:
    return paths.decoded(in_language(item, language))

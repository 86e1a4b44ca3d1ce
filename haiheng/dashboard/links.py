"""Finds links within texts that lead to a page of this site which the public does not get."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from haiheng.addresses import language_of_path
from haiheng.dashboard.models import BrokenLink, ItemLink
from haiheng.redirects import lookup
from haiheng.richtext import items
from haiheng.richtext.fields import RichTextField

# Stored texts went through the sanitiser: every address stands in double quotes.
# Links to items are looked at by what they refer to.
_HREF = re.compile(r'<a href="([^"]+)"')
_ITEM = "item:"
# Pages that stand for one item: that the address can be resolved does not say that the item is public.
_OF_ITEMS = {"article", "product", "page"}


def kinds() -> "list[Any]":
    """Every table of texts with a rich text in it."""
    return [model for model in apps.get_models() if _rich_fields(model) and hasattr(model, "language_code")]


def _rich_fields(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if isinstance(field, RichTextField)]


def check(text: Any) -> list[str]:
    """Note the broken links of one text, in place of those noted before; the addresses."""
    kind = text._meta.label_lower
    html = "\n".join(getattr(text, field) or "" for field in _rich_fields(type(text)))
    linked = items.references(html)
    shown = items.addresses(linked, text.language_code)
    broken = [f"{_ITEM}{each}" for each in linked if each not in shown]
    broken += [href for href in dict.fromkeys(_links(html)) if leads_nowhere(href)]
    with transaction.atomic():
        _note(BrokenLink, kind, text.pk, "href", broken)
        _note(ItemLink, kind, text.pk, "item", [str(each) for each in linked])
    return broken


def _note(model: Any, kind: str, text: int, name: str, values: list[str]) -> None:
    """Rows with these values and no others; nothing is written where nothing changed."""
    rows = model.objects.filter(kind=kind, text=text)
    noted = set(rows.values_list(name, flat=True))
    if gone := noted.difference(values):
        rows.filter(**{f"{name}__in": gone}).delete()
    new = [model(kind=kind, text=text, **{name: value}) for value in values if value not in noted]
    model.objects.bulk_create(new, ignore_conflicts=True)


def check_texts_with(item: items.Reference) -> None:
    """Look again at the texts that link to an item which came, went or moved."""
    for kind, text in ItemLink.objects.filter(item=str(item)).values_list("kind", "text"):
        found = apps.get_model(kind)._default_manager.filter(pk=text).first()
        if found is not None:
            check(found)


def check_all() -> None:
    """Go over every text with a link: what one change breaks elsewhere is found here. The worker does it daily."""
    for model in kinds():
        linked = models.Q()
        for field in _rich_fields(model):
            linked |= models.Q(**{f"{field}__contains": "<a "})
        standing = set()
        for text in model._default_manager.filter(linked).order_by("pk").iterator(chunk_size=500):
            check(text)
            standing.add(text.pk)
        for noted in (BrokenLink, ItemLink):
            rows = noted._default_manager.filter(kind=model._meta.label_lower)
            # Of texts without a link or gone; never all standing ones in one statement, which may be too many for it.
            for gone in set(rows.values_list("text", flat=True).distinct()) - standing:
                rows.filter(text=gone).delete()


def shown(href: str, language: str) -> str:
    """A noted link as staff read it: the item's name and what keeps it from the public, or the address."""
    reference = items.read(href.removeprefix(_ITEM)) if href.startswith(_ITEM) else None
    if reference is None:
        return href
    item = items.named(reference, language)
    return f"{item.title} ({item.state})" if item else _("An item that was deleted")


def leads_nowhere(href: str) -> bool:
    """Whether an address is one of this site's pages and not to be had; other hosts are not asked."""
    path = items.own_path(href)
    if not path or path.startswith((settings.STATIC_URL, settings.MEDIA_URL, "/admin/")):
        return False
    with translation.override(language_of_path(path)):
        try:
            name = resolve(path).url_name or ""
        except Resolver404:
            return lookup.find(path) is None
    return name in _OF_ITEMS and not lookup.is_live(path) and lookup.find(path) is None


def _links(html: str) -> Iterator[str]:
    for href in _HREF.findall(html):
        yield unescape(href)[:500]

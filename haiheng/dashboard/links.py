"""Finds links within texts that lead to a page of this site which the public does not get."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.urls import Resolver404, resolve
from django.utils import translation

from haiheng.addresses import absolute
from haiheng.dashboard.models import BrokenLink
from haiheng.languages.middleware import language_of_path
from haiheng.redirects import lookup
from haiheng.richtext.fields import RichTextField

# Stored texts went through the sanitiser: every address stands in double quotes.
_HREF = re.compile(r'<a [^>]*?href="([^"]+)"')
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
    broken = [href for href in dict.fromkeys(_links(text)) if leads_nowhere(href)]
    with transaction.atomic():
        noted = BrokenLink.objects.filter(kind=kind, text=text.pk)
        noted.exclude(href__in=broken).delete()
        BrokenLink.objects.bulk_create(
            [BrokenLink(kind=kind, text=text.pk, href=href) for href in broken], ignore_conflicts=True
        )
    return broken


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
        BrokenLink.objects.filter(kind=model._meta.label_lower).exclude(text__in=standing).delete()


def leads_nowhere(href: str) -> bool:
    """Whether an address is one of this site's pages and not to be had; other hosts are not asked."""
    path = _own_path(href)
    if not path or path.startswith((settings.STATIC_URL, settings.MEDIA_URL, "/admin/")):
        return False
    with translation.override(language_of_path(path)):
        try:
            name = resolve(path).url_name or ""
        except Resolver404:
            return lookup.find(path) is None
    return name in _OF_ITEMS and not lookup.is_live(path) and lookup.find(path) is None


def _own_path(href: str) -> str:
    home = absolute("/")
    if href.startswith(home):
        href = f"/{href.removeprefix(home)}"
    if not href.startswith("/") or href.startswith("//"):
        return ""
    return unquote(urlsplit(href).path)


def _links(text: Any) -> Iterator[str]:
    for field in _rich_fields(type(text)):
        for href in _HREF.findall(getattr(text, field) or ""):
            yield unescape(href)[:500]

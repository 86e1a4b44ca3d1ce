"""What the editor's link dialog asks: items by words, by reference, or by an address that was typed or pasted."""

from collections.abc import Iterable
from itertools import zip_longest

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from haiheng.richtext import items
from haiheng.richtext.items import Item

_MOST = 24
_LONGEST = 200


def page(request: HttpRequest) -> JsonResponse:
    """`?q=`, `?item=` or `?address=`, each in the language being written (`&language=`)."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = get_language() or settings.LANGUAGE_CODE
    return JsonResponse({"items": [_described(item) for item in _asked(request, language)]})


def _asked(request: HttpRequest, language: str) -> list[Item]:
    written, address = request.GET.get("item", ""), request.GET.get("address", "")
    if written or address:
        reference = items.read(written) if written else items.reference_at(address[:2000].strip())
        found = items.named(reference, language) if reference else None
        return [found] if found else []
    words = " ".join(request.GET.get("q", "").split())[:_LONGEST]
    return _in_turn(kind.items(language, words=words, most=_MOST) for kind in items.KINDS.values())


def _in_turn(lists: Iterable[list[Item]]) -> list[Item]:
    """The first of each kind, then the second of each: no kind hides the others."""
    rounds = zip_longest(*lists)
    found = [item for each in rounds for item in each if item is not None][:_MOST]
    return sorted(found, key=lambda item: item.kind)


def _described(item: Item) -> dict[str, str]:
    return {
        "item": str(item.reference),
        "kind": item.kind,
        "title": item.title,
        "href": item.path,
        "state": item.state,
    }

"""The schema.org types that the site uses: their properties, which of them search engines ask for, and the values."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() == value != ""


def address(value: Any) -> bool:
    return text(value) and re.fullmatch(r"https?://[^\s<>\"]+", value) is not None


def moment(value: Any) -> bool:
    return text(value) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)", value) is not None


def year(value: Any) -> bool:
    return text(value) and re.fullmatch(r"\d{4}(-\d\d-\d\d)?", value) is not None


def number(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def mail(value: Any) -> bool:
    return text(value) and value.count("@") == 1


def language(value: Any) -> bool:
    return text(value) and re.fullmatch(r"[a-z]{2}(-[A-Za-z]{2,4})?", value) is not None


def many(check: Check) -> Check:
    return lambda value: isinstance(value, list) and value != [] and all(check(each) for each in value)


def a(*kinds: str) -> Check:
    """An object of one of these types, or a reference to one."""
    return lambda value: isinstance(value, dict) and (value.get("@type") in kinds or set(value) == {"@id"})


# Type → property → (must it be there, what its value must be).
TYPES: dict[str, dict[str, tuple[bool, Check]]] = {
    "Organization": {
        "name": (True, text), "url": (False, address), "alternateName": (False, text), "email": (False, mail),
        "telephone": (False, text), "address": (False, text), "foundingDate": (False, year),
        "identifier": (False, text), "sameAs": (False, many(address)), "logo": (False, address),
    },
    "WebSite": {
        "name": (True, text), "url": (True, address), "inLanguage": (False, language),
        "publisher": (False, a("Organization")), "potentialAction": (True, a("SearchAction")),
    },
    "SearchAction": {
        "target": (True, a("EntryPoint")),
        "query-input": (True, lambda value: value == "required name=search_term_string"),
    },
    "EntryPoint": {"urlTemplate": (True, lambda value: text(value) and value.endswith("?q={search_term_string}"))},
    "BreadcrumbList": {"itemListElement": (True, many(a("ListItem")))},
    "ListItem": {"position": (True, number), "name": (True, text), "item": (True, address)},
    "NewsArticle": {
        "headline": (True, lambda value: text(value) and len(value) <= 110), "image": (True, many(address)),
        "datePublished": (True, moment), "dateModified": (True, moment), "description": (False, text),
        "inLanguage": (False, language), "mainEntityOfPage": (False, address), "articleSection": (False, text),
        "keywords": (False, many(text)), "author": (True, a("Organization", "Person")),
        "publisher": (True, a("Organization")),
    },
    "Product": {
        "name": (True, text), "image": (True, many(address)), "description": (True, text), "sku": (False, text),
        "model": (False, text), "category": (False, text), "url": (False, address),
        "brand": (False, a("Brand", "Organization")), "manufacturer": (False, a("Organization")),
        "additionalProperty": (True, many(a("PropertyValue"))),
    },
    "PropertyValue": {"name": (True, text), "value": (True, text), "unitText": (False, text)},
}  # fmt: skip


def faults(thing: Any, where: str = "") -> Iterator[str]:
    """Everything wrong with an object and those inside it, as sentences."""
    if set(thing) == {"@id"}:
        return
    kind = thing.get("@type", "")
    where = f"{where}/{kind}"
    known = TYPES.get(kind)
    if known is None:
        yield f"{where} is no type that we use"
        return
    for name, (must, check) in known.items():
        if must and name not in thing:
            yield f"{where} has no {name}"
        if name in thing and not check(thing[name]):
            yield f"{where}.{name} is {thing[name]!r}"
    for name, value in thing.items():
        if name not in {*known, "@type", "@id", "@context"}:
            yield f"{where} knows no {name}"
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from faults(each, f"{where}.{name}")

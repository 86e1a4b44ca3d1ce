"""Links between demo items: written `<a href="product:HH-6">`, made once everything that they lead to is there."""

import re
from collections.abc import Iterator

from django.db.models import Model

from haiheng.demo import library
from haiheng.demo.ledger import Ledger, Table, articles, read, texts
from haiheng.seo.sitemaps import in_language
from news.models import Article
from products.models import Product

KINDS: dict[str, type[Model]] = {"article": Article, "product": Product}
_LINK = re.compile(r'<a href="((article|product):[A-Za-z0-9-]+)">(.*?)</a>', re.DOTALL)


def words(body: str) -> str:
    """The body with the words of its links alone."""
    return _LINK.sub(r"\3", body)


def seed_links(ledger: Ledger) -> None:
    """In what this very run made: what was there before is the staff's own."""
    for key, table in _tables():
        if key not in ledger.made:
            continue
        item = ledger.find(KINDS[key.partition(":")[0]], key)
        for code, values in texts(table).items():
            if item is not None and _LINK.search(values["body"]):
                text = item.translations.get(language_code=code)  # type: ignore[attr-defined] # of both kinds
                text.body = library.with_figures(ledger, _linked(ledger, values["body"], code), code)
                text.save()


def _tables() -> Iterator[tuple[str, Table]]:
    for table in articles():
        yield f"article:{table['key']}", table
    for table in read("products.toml")["products"]:
        yield f"product:{table['code']}", table


def _linked(ledger: Ledger, body: str, language: str) -> str:
    """With the addresses of today, from which the text's field makes references; words alone where one is missing."""

    def link(found: re.Match[str]) -> str:
        item = ledger.find(KINDS[found[2]], found[1])
        return f'<a href="{in_language(item, language)}">{found[3]}</a>' if item is not None else found[3]

    return _LINK.sub(link, body)

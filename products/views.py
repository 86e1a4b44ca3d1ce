"""Thin views; what they show is made in the modules beside them."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haiheng import visits
from haiheng.addresses import absolute
from haiheng.languages.models import current_language
from haiheng.seo.absent import absent, untranslated
from haiheng.seo.paging import head_of, numbers, page_of
from products import cards, comparison, downloads, filters, gallery, listing, paths, shelf, trade, tree, values
from products.head import comparison_head, product_head
from products.models import Product
from products.tree import Entry

PER_PAGE = 12


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    return _list(request, None)


@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    """Products of a category and of those below it; one without products has its page."""
    entry = tree.named(category)
    return _list(request, entry) if entry else _category_elsewhere(request, category)


@require_safe
def product_detail(request: HttpRequest, category: str, slug: str) -> HttpResponse:
    product = Product.objects.published(slug=slug).for_page().first()
    if product is None:
        return absent(request, Product.objects.for_lists(), slug, section="products")
    entry, path = tree.entries()[product.category_id], paths.product_path(product.category_id, product.slug)
    if entry.slug != category:
        return redirect(path, permanent=True)
    known = values.read([product.pk])[product.pk]
    views = gallery.views(product, known)
    head = product_head(product, entry, path, paths.alternates(product), known, views)
    context = {
        "head": replace(head, form_here=True),
        "product": product,
        "views": views,
        "facts": [*values.key_facts(known), *trade.key_facts(product)],
        "groups": values.groups(known),
        "trade": trade.facts(product),
        "downloads": downloads.of(product),
        "related": cards.related(product),
        "successor": _successor(product),
        "code_class": _size_class(product.code),
        "page_url": absolute(path),
        "compare_url": paths.comparison_path([*comparison.words(request.GET), product.slug]),
        "hello": _("Hello, I have a question about %(model)s: %(page)s")
        % {"model": f"{product.code} ({product.headline or product.title})", "page": absolute(path)},
    }
    response = render(request, "products/product_detail.html", context)
    visits.mark(response, visits.key_of(product), current_language())
    return response


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four public products; what is unknown or too much is left out and said."""
    asked, stock = comparison.words(request.GET), shelf.current()
    items = stock.named(asked)
    chosen, refused = items[: comparison.MOST], items[comparison.MOST :]
    whole = comparison.compare([item.pk for item in chosen])
    only = request.GET.get("only") == comparison.DIFFERENCES and len(chosen) > 1
    head, others = comparison_head(whole), [item for item in stock.items if item not in chosen]
    context = {
        "head": replace(head, noindex=True) if only or refused or len(asked) > len(items) else head,
        "comparison": whole.only_differences() if only else whole,
        "only": only,
        "address": paths.comparison_path(whole.slugs),
        "page_url": absolute(paths.comparison_path(whole.slugs)),
        "unknown": len(asked) > len(items),
        "refused": [item.code for item in refused],
        "others": others if len(others) <= comparison.MOST_OFFERED else None,
        "is_full": len(chosen) >= comparison.MOST,
        "on_offer": [column.product.code for column in whole.columns if not column.product.discontinued],
    }
    status = 404 if asked and not items else 200
    return render(request, "products/compare.html", context, status=status)


def _list(request: HttpRequest, entry: Entry | None) -> HttpResponse:
    if filters.has_blanks(request.GET):
        # A form sends its empty fields, too; what is shared should be short.
        query = filters.without_blanks(request.GET)
        return redirect(f"{request.path}?{query}" if query else request.path)
    asked = listing.read(request, entry)
    page = page_of(request, asked.numbers(), PER_PAGE)
    head = listing.head(asked)
    context: dict[str, Any] = {
        # Filtered or in another order it is a variant of the first page, whichever of its own pages this is.
        "head": head if asked.query else head_of(head, page),
        "entry": entry,
        "asked": asked,
        "page": page,
        "numbers": numbers(page),
        "cards": cards.numbered(list(page.object_list)),
        "rows_of_tabs": _tabs(entry),
        "total": tree.total(),
        "open": [each.pk for each in tree.path_to(entry)] if entry else [],
    }
    return render(request, "products/product_list.html", context)


def _tabs(entry: Entry | None) -> list[list[Entry]]:
    """The top of the tree, and below it what lies under the category that is open, level by level."""
    rows = [tree.open_roots()]
    for each in tree.path_to(entry) if entry else []:
        if below := each.open_children():
            rows.append(below)
    return rows


def _successor(product: Product) -> cards.Card | None:
    """Named only where it is public itself."""
    if not product.discontinued or product.successor_id is None:
        return None
    found = cards.cards(cards.public().filter(master=product.successor_id), facts=False)
    return found[0] if found else None


def _size_class(code: str) -> str:
    """Codes up to 7 characters stand in the largest size, to 12 in the next, longer ones smaller still."""
    return "" if len(code) <= 7 else "code-long" if len(code) <= 12 else "code-longest"


def _category_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """The default language's address of a category, asked for under another language."""
    default = settings.LANGUAGE_CODE
    found = next((each for each in tree.entries(default).values() if each.name and each.slug == slug), None)
    if found is None or current_language() == default:
        raise Http404
    here = tree.entries()[found.pk]
    if here.name:
        return redirect(here.url, permanent=True)
    if not (places := paths.category_alternates(found.pk)):
        raise Http404
    names = {code: tree.entries(code)[found.pk].name for code in places}
    return untranslated(request, places, names, section="products")

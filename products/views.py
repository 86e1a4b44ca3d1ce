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
from haiheng.seo.paging import numbers, page_of
from products import cards, downloads, gallery, paths, trade, tree, values
from products.head import list_head, product_head
from products.models import Product
from products.tree import Entry

PER_PAGE = 12
# Fewer make no comparison of sizes.
LEAST_TO_SCALE = 3
SCALE = "scale"


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
        "hello": _("Hello, I have a question about %(model)s: %(page)s")
        % {"model": f"{product.code} ({product.headline or product.title})", "page": absolute(path)},
    }
    response = render(request, "products/product_detail.html", context)
    visits.mark(response, visits.key_of(product), current_language())
    return response


def _list(request: HttpRequest, entry: Entry | None) -> HttpResponse:
    standing = entry.standing if entry else tree.total_standing()
    to_scale = request.GET.get("view") == SCALE and standing >= LEAST_TO_SCALE
    rows = cards.standing() if to_scale else cards.public()
    if entry:
        rows = rows.filter(master__category__in=[each.pk for each in entry.with_below()])
    count = standing if to_scale else entry.count if entry else tree.total()
    page = page_of(request, rows, PER_PAGE, count)
    context: dict[str, Any] = {
        "head": list_head(entry),
        "entry": entry,
        "page": page,
        "numbers": numbers(page),
        "cards": cards.cards(page.object_list),
        "to_scale": to_scale,
        "can_scale": standing >= LEAST_TO_SCALE,
        "query": f"view={SCALE}&" if to_scale else "",
        "total": tree.total(),
        "rows_of_tabs": _tabs(entry),
        "open": [each.pk for each in tree.path_to(entry)] if entry else [],
    }
    return render(request, "products/product_list.html", context)


def _tabs(entry: Entry | None) -> list[list[Entry]]:
    """The top of the tree, and below it what lies under the category that is open, level by level."""
    rows = [[root for root in tree.roots() if root.name and root.count]]
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
    names = {code: tree.entries(code)[found.pk].name for code, _name in settings.LANGUAGES}
    return untranslated(request, paths.category_alternates(found.pk), names, section="products")

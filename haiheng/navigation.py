"""What header and footer link to, kept in memory until something public changes."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.pages.models import Page
from haiheng.publishing.models import PublishableQuerySet
from news.models import Article
from news.models import Category as NewsCategory
from products.models import Category as ProductCategory
from products.models import Product

MENU = ("products:list", "news:list", "enquiries:contact")


@dataclass(frozen=True)
class Link:
    """An entry of a menu; `count` is the number of items behind a category, `children` the categories below it."""

    name: str
    url: str
    slug: str = ""
    count: int = 0
    children: "tuple[Link, ...]" = ()


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    url: str
    dir: str


@dataclass(frozen=True)
class Navigation:
    products: list[Link] = field(default_factory=list)
    news: list[Link] = field(default_factory=list)
    pages: list[Link] = field(default_factory=list)
    footer_pages: list[Link] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    # What `hreflang` may name: the languages above, the promised ones, and the page for all others.
    codes: frozenset[str] = frozenset()
    about_url: str = ""
    # Addresses of the menu itself: their page is marked in it, those below only the entry.
    menu: frozenset[str] = frozenset()
    privacy_url: str = ""
    # Nobody promised the language of the page, and nothing is ready in it: search engines keep none of its pages.
    is_empty: bool = False


def navigation(_request: HttpRequest) -> dict[str, object]:
    """`navigation` for templates; no query on a page that does not use it."""
    return {"navigation": SimpleLazyObject(current)}


def current() -> Navigation:
    """The menus in the active language."""
    language = current_language()
    return version.memo(f"navigation.{language}", lambda: build(language))


def build(language: str) -> Navigation:
    pages = list(Page.objects.published(language).prefetch_related("translations"))
    ready = {settings.LANGUAGE_CODE, *_ready(Article.objects), *_ready(Product.objects), *_ready(Page.objects)}
    roles = {page.role: page.get_absolute_url() for page in pages if page.role}
    about = roles.get(Page.Role.ABOUT, "")
    languages = _languages(language, ready)
    return Navigation(
        products=_product_links(language),
        news=_news_links(language),
        pages=[_page_link(page) for page in pages if page.in_navigation],
        footer_pages=[_page_link(page) for page in pages if page.in_footer],
        languages=languages,
        codes=frozenset({*(each.code for each in languages), *settings.PROMISED_LANGUAGES, "x-default"}),
        about_url=about,
        menu=frozenset({*(reverse(name) for name in MENU), about}),
        privacy_url=roles.get(Page.Role.PRIVACY, ""),
        is_empty=language not in {*ready, *settings.PROMISED_LANGUAGES},
    )


def _page_link(page: Page) -> Link:
    return Link(page.title, page.get_absolute_url(), page.slug)


def _counts(published: PublishableQuerySet) -> dict[int, int]:
    rows = published.order_by().values_list("category").annotate(Count("pk"))
    return dict(rows)


def _news_links(language: str) -> list[Link]:
    counts = _counts(Article.objects.published(language))
    categories = NewsCategory.objects.filter(pk__in=counts, translations__language_code=language)
    return [
        Link(category.name, category.get_absolute_url(), category.slug, counts[category.pk])
        for category in categories.prefetch_related("translations")
    ]


def _product_links(language: str) -> list[Link]:
    """The tree of categories; one without a product below it is left out."""
    counts = _counts(Product.objects.published(language))
    categories = list(
        ProductCategory.objects.filter(translations__language_code=language).prefetch_related("translations")
    )
    below: dict[int | None, list[ProductCategory]] = {}
    for category in categories:
        below.setdefault(category.parent_id, []).append(category)

    def links(parent: int | None) -> list[Link]:
        found = []
        for category in below.get(parent, ()):
            children = tuple(links(category.pk))
            count = counts.get(category.pk, 0) + sum(child.count for child in children)
            if count:
                found.append(Link(category.name, category.get_absolute_url(), category.slug, count, children))
        return found

    return links(None)


def _languages(active: str, ready: set[str]) -> list[Language]:
    """Languages that have something to read, and the one being read, each under its own name."""
    return [
        Language(code, get_language_info(code)["name_local"], _home_of(code), _direction(code))
        for code, _name in settings.LANGUAGES
        if code in ready or code == active
    ]


def _ready(items: QuerySet) -> list[str]:  # type: ignore[type-arg] # any kind of content
    codes = [code for code, _name in settings.LANGUAGES]
    return [code for code in codes if items.published(code).exists()]  # type: ignore[attr-defined]


def _home_of(code: str) -> str:
    return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


def _direction(code: str) -> str:
    return "rtl" if get_language_info(code)["bidi"] else "ltr"

"""What header and footer link to, kept in memory until something public changes."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.pages.models import Page
from news import categories
from news.models import Article
from products import tree
from products.models import Product
from products.tree import Entry

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
    return version.memo(f"navigation.{language}", lambda: _build(language))


def _build(language: str) -> Navigation:
    pages = list(Page.objects.published(language).prefetch_related("translations"))
    ready = {settings.LANGUAGE_CODE, *_ready(Article.objects), *_ready(Product.objects), *_ready(Page.objects)}
    roles = {page.role: page.get_absolute_url() for page in pages if page.role}
    about = roles.get(Page.Role.ABOUT, "")
    languages = _languages(language, ready)
    return Navigation(
        products=[_product_link(entry) for entry in tree.open_roots()],
        news=_news_links(),
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


def _news_links() -> list[Link]:
    entries = categories.entries().values()
    return [Link(entry.name, entry.url, entry.slug, entry.count) for entry in entries if entry.count]


def _product_link(entry: Entry) -> Link:
    children = tuple(_product_link(child) for child in entry.open_children())
    return Link(entry.name, entry.url, entry.slug, entry.count, children)


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

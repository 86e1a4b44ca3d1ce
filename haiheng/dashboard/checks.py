"""What is missing or out of date, each with the rows to mend."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from haiheng.dashboard import links
from haiheng.dashboard.findings import Finding, Part, each, form_url, items, title_of
from haiheng.dashboard.models import BrokenLink
from haiheng.images.models import Picture
from haiheng.pagecache import version
from haiheng.pages.models import Page
from haiheng.publishing.models import Publishable, State, is_public
from news.models import Article
from news.models import Category as NewsCategory
from products.models import Category as ProductCategory
from products.models import CategoryRow, Product, ProductSpecification, Specification
from products.rows import template

# Counting stops here: nobody mends more in a day.
MOST = 999
STALE_AFTER = timedelta(days=30)
CONTENT: tuple[type[Publishable], ...] = (Article, Product, Page)
# Counts are kept until something is saved, and a while at most: drafts grow stale by themselves.
_KEPT_SECONDS = 600


@dataclass(frozen=True)
class Check:
    key: str
    label: str | Promise
    hint: str | Promise
    parts: Callable[[], list[Part]]

    def count(self) -> int:
        """How many, up to one more than MOST; counted anew only after something was saved."""
        key = f"dashboard:{self.key}:{version.current()}"
        found = cache.get_or_set(key, self._count, _KEPT_SECONDS)
        return found or 0

    def _count(self) -> int:
        found = 0
        for part in self.parts():
            found += part.rows.order_by()[: MOST + 1 - found].count()
            if found > MOST:
                break
        return found

    def findings(self, user: AbstractBaseUser, start: int, stop: int) -> list[Finding]:
        """Rows from `start` up to `stop`, of the kinds that this user may see."""
        found: list[Finding] = []
        for part in self.parts():
            if not user.has_perm(part.right):  # type: ignore[attr-defined]
                continue
            rows = list(part.rows[start:stop])
            found += part.shown(rows)
            if len(rows) == stop - start:
                break
            # What is left is taken from the next kind, behind all rows of this one.
            total = start + len(rows) if rows else part.rows.order_by().count()
            start, stop = max(start - total, 0), stop - total
        return found


def _texts(model: Any) -> Any:
    return model._parler_meta.root_model


def _begun(model: Any) -> "QuerySet[Any]":
    """What is public or will be: drafts may be in one language as long as they are drafts."""
    now = timezone.now()
    lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return model._default_manager.kept().filter(lasting, published_at__isnull=False).order_by("-pk").for_lists()


def _missing(language: str) -> Callable[[], list[Part]]:
    def parts() -> list[Part]:
        found = []
        for model in CONTENT:
            ready = _texts(model).objects.filter(master=OuterRef("pk"), language_code=language, ready=True)
            found.append(Part(_begun(model).filter(~Exists(ready)), items(language)))
        return found

    return parts


def _day(name: str) -> Substr:
    """Days are compared as text: both databases do that fast, and a minute's difference means nothing."""
    return Substr(Cast(name, CharField()), 1, 10)


def _older(language: str) -> Callable[[], list[Part]]:
    def parts() -> list[Part]:
        found = []
        for model in CONTENT:
            texts = _texts(model).objects.annotate(day=_day("revised_at"))
            mine = texts.filter(master=OuterRef("pk"), language_code=language, ready=True)
            newer = texts.filter(master=OuterRef("master"), ready=True, day__gt=OuterRef("day"))
            found.append(Part(_begun(model).filter(Exists(mine.filter(Exists(newer)))), items(language)))
        return found

    return parts


def _without_description() -> list[Part]:
    found = []
    for model in CONTENT:
        texts = _texts(model).objects.filter(
            is_public("master__"), ready=True, language_code__in=settings.PROMISED_LANGUAGES, meta_description=""
        )
        found.append(Part(texts.order_by("-pk").select_related("master"), each(_text)))
    return found


def _text(text: Any) -> Finding:
    master = text.master
    return Finding(
        str(text), str(master._meta.verbose_name), form_url(master, text.language_code), _language(text.language_code)
    )


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _without_alt() -> list[Part]:
    pictures = Picture.objects.filter(decorative=False).order_by("-pk").prefetch_related("translations")
    missing = Q()
    for code in settings.PROMISED_LANGUAGES:
        described = _texts(Picture).objects.filter(master=OuterRef("pk"), language_code=code).exclude(alt="")
        missing |= ~Q(Exists(described))

    def finding(picture: Picture) -> Finding:
        texts = {text.language_code for text in picture.translations.all() if text.alt}
        lacking = [code for code in settings.PROMISED_LANGUAGES if code not in texts]
        return Finding(
            picture.name, str(picture._meta.verbose_name), form_url(picture, lacking[0] if lacking else ""),
            ", ".join(map(_language, lacking)),
        )  # fmt: skip

    return [Part(pictures.filter(missing), each(finding))]


def _broken_links() -> list[Part]:
    return [Part(BrokenLink.objects.order_by("-pk"), _links)]


def _links(rows: Sequence[BrokenLink]) -> list[Finding]:
    texts: dict[tuple[str, int], Any] = {}
    for kind in {row.kind for row in rows}:
        numbers = {row.text for row in rows if row.kind == kind}
        found = apps.get_model(kind)._default_manager.select_related("master").in_bulk(numbers)
        texts |= {(kind, pk): text for pk, text in found.items()}
    return [_link(row.href, texts.get((row.kind, row.text))) for row in rows]


def _link(href: str, text: Any) -> Finding:
    if text is None:
        return Finding(href, "", "")
    url = form_url(text.master, text.language_code)
    return Finding(title_of(text), str(text.master._meta.verbose_name), url, links.shown(href, text.language_code))


def _stale_drafts() -> list[Part]:
    before = timezone.now() - STALE_AFTER

    def day(item: Any) -> str:
        return timezone.localtime(item.updated_at).date().isoformat()

    return [
        Part(
            model._default_manager.in_state(State.DRAFT)
            .filter(updated_at__lt=before)
            .order_by("updated_at")
            .for_lists(),
            items(note=day),
        )
        for model in CONTENT
    ]


def _empty_categories() -> list[Part]:
    articles = Article.objects.filter(is_public(), category=OuterRef("pk"))
    products = Product.objects.filter(is_public(), category=OuterRef("pk"))
    below = ProductCategory.objects.filter(parent=OuterRef("pk")).order_by()
    return [
        Part(NewsCategory.objects.filter(~Exists(articles)).order_by("pk").prefetch_related("translations"), items()),
        Part(
            ProductCategory.objects.without_tree_fields()
            .filter(~Exists(products), ~Exists(below))
            .order_by("pk")
            .prefetch_related("translations"),
            items(),
        ),
    ]


def _unfilled_rows() -> list[Part]:
    """Products on offer that lack rows of their category's template, or of one above it."""
    filled = ProductSpecification.objects.filter(
        product=OuterRef(OuterRef("pk")), specification=OuterRef("specification")
    )
    above = Q(category=OuterRef("category")) | Q(category=OuterRef("category__parent"))
    wanted = CategoryRow.objects.filter(above | Q(category=OuterRef("category__parent__parent")))
    lacking = _begun(Product).filter(Exists(wanted.filter(~Exists(filled)).order_by()), discontinued=False)
    return [Part(lacking.prefetch_related("specifications"), _unfilled)]


def _unfilled(products: Sequence[Product]) -> list[Finding]:
    templates = {category: template(category) for category in {product.category_id for product in products}}
    numbers = {number for rows in templates.values() for number in rows}
    names = Specification.objects.prefetch_related("translations").in_bulk(numbers)

    def missing(product: Product) -> str:
        has = {row.specification_id for row in product.specifications.all()}
        return ", ".join(str(names[number]) for number in templates[product.category_id] if number not in has)

    return items(note=missing)(products)


def checks() -> Iterator[Check]:
    """All of them, in the order of the board."""
    names = dict(settings.LANGUAGES)
    for code in settings.PROMISED_LANGUAGES:
        yield Check(
            f"missing-{code}", format_lazy(_("Not in {language}"), language=names[code]),
            _("Published or scheduled, and this language is missing or not marked ready."), _missing(code),
        )  # fmt: skip
    for code in settings.PROMISED_LANGUAGES:
        yield Check(
            f"older-{code}", format_lazy(_("Older in {language}"), language=names[code]),
            _("Another language was changed on a later day."), _older(code),
        )  # fmt: skip
    yield Check("alt", _("Pictures without description"), _("Blind readers and search engines need it."), _without_alt)
    yield Check(
        "description", _("Without description for search engines"),
        _("Without one, the beginning of the text is shown in search results."), _without_description,
    )  # fmt: skip
    yield Check("links", _("Broken links"), _("Links in texts to pages that are not public."), _broken_links)
    yield Check(
        "rows", _("Specifications to fill in"), _("Rows of the category’s template without a value."), _unfilled_rows
    )
    yield Check("drafts", _("Forgotten drafts"), _("Not changed for a month."), _stale_drafts)
    yield Check("categories", _("Empty categories"), _("Nothing public in them."), _empty_categories)


def missing_translations() -> int:
    """Of all promised languages together, up to one more than MOST."""
    found = sum(check.count() for check in checks() if check.key.startswith("missing-"))
    return min(found, MOST + 1)

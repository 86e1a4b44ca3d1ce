"""What is missing or out of date, each with the rows to mend."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from haiheng.dashboard import links
from haiheng.dashboard.models import BrokenLink
from haiheng.images.models import Picture
from haiheng.pagecache import version
from haiheng.pages.models import Page
from haiheng.publishing.models import Publishable, State, is_public
from news.models import Article
from news.models import Category as NewsCategory
from products.models import Category as ProductCategory
from products.models import CategoryRow, Product, ProductSpecification, Specification
from products.suggesting import missing_rows

# Counting stops here: nobody mends more in a day.
MOST = 999
STALE_AFTER = timedelta(days=30)
CONTENT: tuple[type[Publishable], ...] = (Article, Product, Page)
# Counts are kept until something is saved, and a while at most: drafts grow stale by themselves.
_KEPT_SECONDS = 600


@dataclass(frozen=True)
class Finding:
    """A row of the board."""

    label: str
    kind: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Part:
    """The rows of one kind, and what is shown of each."""

    rows: "QuerySet[Any]"
    finding: Callable[[Any], Finding]

    @property
    def right(self) -> str:
        options = self.rows.model._meta
        if issubclass(self.rows.model, BrokenLink):
            return "dashboard.view_board"
        return f"{options.app_label}.view_{options.model_name}"


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
            found += map(part.finding, rows)
            if len(rows) == stop - start:
                break
            # What is left is taken from the next kind, behind all rows of this one.
            total = start + len(rows) if rows else part.rows.order_by().count()
            start, stop = max(start - total, 0), stop - total
        return found


def form_url(item: Any, language: str = "") -> str:
    options = item._meta
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[item.pk])
    return f"{url}?language={language}" if language else url


def title_of(item: Any) -> str:
    return str(item) or f"#{item.pk}"


def _item(language: str = "") -> Callable[[Any], Finding]:
    def finding(item: Any) -> Finding:
        return Finding(title_of(item), str(item._meta.verbose_name), form_url(item, language))

    return finding


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
            found.append(Part(_begun(model).filter(~Exists(ready)), _item(language)))
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
            found.append(Part(_begun(model).filter(Exists(mine.filter(Exists(newer)))), _item(language)))
        return found

    return parts


def _without_description() -> list[Part]:
    found = []
    for model in CONTENT:
        texts = _texts(model).objects.filter(
            is_public("master__"), ready=True, language_code__in=settings.PROMISED_LANGUAGES, meta_description=""
        )
        found.append(Part(texts.order_by("-pk").select_related("master"), _text))
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

    return [Part(pictures.filter(missing), finding)]


def _broken_links() -> list[Part]:
    def finding(link: BrokenLink) -> Finding:
        text = apps.get_model(link.kind)._default_manager.select_related("master").filter(pk=link.text).first()
        if text is None:
            return Finding(link.href, "", "")
        master = text.master
        kind = str(master._meta.verbose_name)
        return Finding(
            title_of(text), kind, form_url(master, text.language_code), links.shown(link.href, text.language_code)
        )

    return [Part(BrokenLink.objects.order_by("-pk"), finding)]


def _stale_drafts() -> list[Part]:
    before = timezone.now() - STALE_AFTER

    def finding(item: Any) -> Finding:
        found = _item()(item)
        return Finding(found.label, found.kind, found.url, timezone.localtime(item.updated_at).date().isoformat())

    return [
        Part(
            model._default_manager.in_state(State.DRAFT)
            .filter(updated_at__lt=before)
            .order_by("updated_at")
            .for_lists(),
            finding,
        )
        for model in CONTENT
    ]


def _empty_categories() -> list[Part]:
    articles = Article.objects.filter(is_public(), category=OuterRef("pk"))
    products = Product.objects.filter(is_public(), category=OuterRef("pk"))
    below = ProductCategory.objects.filter(parent=OuterRef("pk")).order_by()
    return [
        Part(NewsCategory.objects.filter(~Exists(articles)).order_by("pk").prefetch_related("translations"), _item()),
        Part(
            ProductCategory.objects.without_tree_fields()
            .filter(~Exists(products), ~Exists(below))
            .order_by("pk")
            .prefetch_related("translations"),
            _item(),
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

    def finding(product: Product) -> Finding:
        names = Specification.objects.prefetch_related("translations").in_bulk(missing_rows(product))
        found = _item()(product)
        return Finding(found.label, found.kind, found.url, ", ".join(map(str, names.values())))

    return [Part(lacking, finding)]


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

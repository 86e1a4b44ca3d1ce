"""Published content as targets of links in texts."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from django.db.models import Q
from django.urls import ResolverMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from haiheng.publishing.models import Publishable, State
from haiheng.richtext.items import Item, Reference

# Of a row of the database: the slug, and the category's number where there is one.
PathOf = Callable[[str, int | None], str]


class ContentLinks:
    """`view` is the name of the public page, `path` makes an address in the active language."""

    def __init__(self, model: type[Publishable], view: str, path: PathOf, *, code: str = "") -> None:
        self.key = model._meta.label_lower
        self._model = model
        self._view = view
        self._path = path
        # A field that staff know an item by, besides its title.
        self._code = code
        self._category = ["category_id"] if any(field.name == "category" for field in model._meta.fields) else []

    def paths(self, numbers: Collection[int], language: str) -> dict[int, str]:
        rows = self._model.objects.published(language).filter(pk__in=numbers)
        found = rows.order_by().values_list("pk", "translations__slug", *self._category)
        return {pk: self._path(slug, *(category or [None])) for pk, slug, *category in found}

    def at(self, match: ResolverMatch, language: str) -> int | None:
        if match.view_name != self._view:
            return None
        texts: Any = self._model._parler_meta.root_model._default_manager
        named = texts.filter(language_code=language, slug=match.kwargs["slug"], master__trashed_at__isnull=True)
        found: int | None = named.values_list("master_id", flat=True).first()
        return found

    def items(self, language: str, *, words: str = "", pk: int | None = None, most: int = 1) -> list[Item]:
        rows = self._model.objects.order_by("-updated_at", "-pk").prefetch_related("translations")
        rows = rows.kept() if pk is None else rows.filter(pk=pk)
        if words:
            texts: Any = self._model._parler_meta.root_model._default_manager
            wanted = Q(pk__in=texts.filter(title__icontains=words).values("master_id"))
            rows = rows.filter(wanted | Q(**{f"{self._code}__icontains": words}) if self._code else wanted)
        found = list(rows[:most])
        with translation.override(language):
            paths = {row.pk: self._address(row, language) for row in found}
        return [self._item(row, language, paths[row.pk]) for row in found]

    def _address(self, item: Any, language: str) -> str:
        slugs = {text.language_code: text.slug for text in item.translations.all()}
        slug = slugs.get(language) or next(iter(slugs.values()), "")
        return self._path(slug, getattr(item, "category_id", None)) if slug else "/"

    def _item(self, item: Any, language: str, path: str) -> Item:
        texts = {text.language_code: text for text in item.translations.all()}
        text = texts.get(language) or next(iter(texts.values()), None)
        title = text.title if text else str(item)
        if self._code:
            title = f"{getattr(item, self._code)} – {title}"
        kind = str(self._model._meta.verbose_name)
        return Item(Reference(self.key, item.pk), kind, title, path, self._state(item, texts.get(language)))

    @staticmethod
    def _state(item: Publishable, text: Any) -> str:
        if item.state != State.PUBLISHED:
            return str(item.state.label)
        if text is None:
            return _("No text in this language")
        return "" if text.ready else _("This language is not ready")


class Entry(Protocol):
    """A category as lists keep it in memory."""

    @property
    def name(self) -> str: ...

    @property
    def url(self) -> str: ...


class CategoryLinks:
    """Lists of content: a category is public in the languages in which it has a name.

    `entries` are those of the active language by number, from memory.
    """

    def __init__(self, model: Any, view: str, entries: Callable[[], Mapping[int, Entry]]) -> None:
        self.key = model._meta.label_lower
        self._model = model
        self._view = view
        self._entries = entries

    def paths(self, numbers: Collection[int], language: str) -> dict[int, str]:
        known = self._entries()
        return {pk: known[pk].url for pk in numbers if pk in known and known[pk].name}

    def at(self, match: ResolverMatch, language: str) -> int | None:
        if match.view_name != self._view:
            return None
        texts = self._model._parler_meta.root_model._default_manager
        named = texts.filter(language_code=language, slug=match.kwargs["category"])
        found: int | None = named.values_list("master_id", flat=True).first()
        return found

    def items(self, language: str, *, words: str = "", pk: int | None = None, most: int = 1) -> list[Item]:
        rows = self._model._default_manager.prefetch_related("translations").order_by("position", "pk")
        if pk is not None:
            rows = rows.filter(pk=pk)
        if words:
            texts = self._model._parler_meta.root_model._default_manager
            rows = rows.filter(pk__in=texts.filter(name__icontains=words).values("master_id"))
        with translation.override(language):
            shown = [(row.pk, *self._named(row, language)) for row in rows[:most]]
        kind, absent = str(self._model._meta.verbose_name), _("No text in this language")
        return [
            Item(Reference(self.key, pk), kind, name, path, "" if here else absent) for pk, name, path, here in shown
        ]

    def _named(self, category: Any, language: str) -> tuple[str, str, bool]:
        texts = {text.language_code: text for text in category.translations.all()}
        text = texts.get(language) or next(iter(texts.values()), None)
        return (text.name, self._path(text.slug), language in texts) if text else (f"#{category.pk}", "/", False)

    def _path(self, slug: str) -> str:
        return reverse(self._view, kwargs={"category": slug})

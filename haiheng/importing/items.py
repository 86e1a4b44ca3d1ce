"""What articles and products from spreadsheets share: texts per language, dates, pictures, old addresses."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haiheng.images.models import Picture
from haiheng.importing import values
from haiheng.importing.columns import Cells, Column
from haiheng.publishing.models import Publishable
from haiheng.redirects import paths, placing
from haiheng.redirects.lookup import unquoted
from haiheng.redirects.models import Origin, Redirect

PUBLISHED = Column(
    "published_at",
    gettext_lazy("published"),
    gettext_lazy("A day, or a day and time. Empty for a new one: a draft. In the future: it goes live then."),
    values.moment,
    example="2026-05-31 09:00",
)
EXPIRES = Column("expires_at", gettext_lazy("expires"), gettext_lazy("From then on nobody sees it."), values.moment)
OLD = Column(
    "old_addresses",
    gettext_lazy("old addresses"),
    gettext_lazy("Addresses of a former site that shall lead here, with commas between them."),
    values.several,
    clearable=False,
    example="/news/show-123.html",
)
_TEXTS: tuple[tuple[str, Any, Any, Any], ...] = (
    ("title", gettext_lazy("title"), "", values.text),
    ("headline", gettext_lazy("headline"), gettext_lazy("Beside the model number."), values.text),
    ("slug", gettext_lazy("address"), gettext_lazy("The last part. Empty: made from the title."), values.slug),
    ("summary", gettext_lazy("summary"), gettext_lazy("One or two sentences."), values.lines),
    ("body", gettext_lazy("text"), gettext_lazy("Plain paragraphs, or HTML."), values.rich),
    ("payment", gettext_lazy("payment"), "", values.text),
    ("ready", gettext_lazy("ready"), gettext_lazy("yes or no: whether the public sees this language."), values.yes),
    ("meta_title", gettext_lazy("title for search engines"), "", values.text),
    ("meta_description", gettext_lazy("description for search engines"), "", values.text),
)
_NEVER_EMPTY = {"title", "slug", "ready"}


def text_columns(model: type[Publishable]) -> list[Column]:
    """A column for each text and language of the site."""
    texts = model._parler_meta.root_model
    found = []
    for code, _name in settings.LANGUAGES:
        for key, label, help_text, read in _TEXTS:
            if _has(texts, key):
                clearable = key not in _NEVER_EMPTY
                found.append(Column(key, label, help_text, read, code, emptied="", clearable=clearable))
    return found


@dataclass
class Prepared:
    """An item as it would be, with what is different from before."""

    item: Any
    cells: Cells
    is_new: bool
    changes: list[str] = field(default_factory=list)
    # What is set once the item has a number: relations by name.
    relations: dict[str, Any] = field(default_factory=dict)

    def put(self, column: Column, value: Any, name: str = "") -> None:
        """Set a field of the item itself."""
        name = name or column.key
        if getattr(self.item, name) != value:
            setattr(self.item, name, value)
            self.changes.append(column.heading)

    def put_text(self, column: Column, value: Any) -> None:
        before = self.item.get_current_language()
        self.item.set_current_language(column.language)
        try:
            known = self.item.has_translation(column.language)
            if not known or getattr(self.item, column.key) != value:
                setattr(self.item, column.key, value)
                self.changes.append(column.heading)
        finally:
            self.item.set_current_language(before)


def put_texts(prepared: Prepared) -> None:
    """Texts of every language; a new language needs a title, and is ready unless the row says otherwise."""
    given = {column: value for column, value in prepared.cells.given.items() if column.language}
    for code in dict.fromkeys(column.language for column in given):
        own = {column.key: (column, value) for column, value in given.items() if column.language == code}
        new = not prepared.item.has_translation(code)
        if new and "title" not in own:
            column = next(iter(own.values()))[0]
            prepared.cells.fault(column, _("This language has no title yet: fill in that column, too."))
            continue
        for column, value in own.values():
            prepared.put_text(column, value)
        if new and "ready" not in own:
            prepared.item.set_current_language(code)
            prepared.item.ready = True
        _check_texts(prepared, code, own)


def _check_texts(prepared: Prepared, code: str, own: dict[str, tuple[Column, Any]]) -> None:
    text = prepared.item.get_translation(code)
    try:
        text.clean_fields(exclude=["master", "slug"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            column = own[name][0] if name in own else next(iter(own.values()))[0]
            prepared.cells.fault(column, " ".join(messages))
    if "slug" in own:
        others = type(text)._default_manager.filter(language_code=code, slug=text.slug)
        if others.exclude(master=prepared.item.pk).exists():
            prepared.cells.fault(own["slug"][0], _("Another item in this language has this address."))


def put_dates(prepared: Prepared) -> None:
    given = prepared.cells.given
    for column in (PUBLISHED, EXPIRES):
        if column in given:
            prepared.put(column, given[column])
    item = prepared.item
    if item.published_at and item.expires_at and item.expires_at <= item.published_at:
        column = EXPIRES if EXPIRES in given else PUBLISHED
        prepared.cells.fault(column, _("It must expire after it is published."))


def check_fields(prepared: Prepared, columns: list[Column]) -> None:
    """Limits of the item's own fields, named by their columns."""
    by_key = {column.key: column for column in columns if column in prepared.cells.given}
    others = [each.name for each in prepared.item._meta.concrete_fields if each.name not in by_key]
    try:
        prepared.item.clean_fields(exclude=others)
        prepared.item.validate_constraints(exclude=["category", "code"])
    except ValidationError as error:
        found = error.message_dict
        for name, messages in found.items():
            column = by_key.get(name) or next(iter(by_key.values()), next(iter(prepared.cells.given)))
            prepared.cells.fault(column, " ".join(messages))


def put_old_addresses(prepared: Prepared) -> None:
    found = []
    for address in prepared.cells.given.get(OLD, []):
        try:
            found.append(paths.old_address(address))
        except ValidationError as error:
            prepared.cells.fault(OLD, f"{address}: {' '.join(error.messages)}")
    if not found:
        return
    here = {paths.key(path) for path in addresses(prepared.item)} if prepared.item.pk else set()
    leading = Redirect.objects.filter(path__in=found).values_list("path", "target")
    known = {path for path, target in leading if paths.key(target) in here}
    if missing := [path for path in found if path not in known | here]:
        prepared.relations["old_addresses"] = missing
        prepared.changes.append(OLD.heading)


def redirect_here(item: Any, old: list[str]) -> None:
    """Lead old addresses to the item in the first language that has it."""
    target = next(iter(addresses(item)), "")
    for path in old if target else ():
        if paths.key(target) != path:
            placing.point(path, target, origin=Origin.IMPORT)


def addresses(item: Any) -> list[str]:
    fresh = type(item)._default_manager.filter(pk=item.pk).prefetch_related("translations").get()
    codes = {text.language_code for text in fresh.translations.all()}
    return [unquoted(fresh, code) for code, _name in settings.LANGUAGES if code in codes]


def library_picture(name: str) -> Picture:
    """A picture of the library by its name. Raises ValidationError."""
    stem = name.rpartition(".")[0] or name
    found = list(Picture.objects.filter(name__in=[name, stem])[:2])
    if not found:
        raise ValidationError(_("There is no picture “%(name)s” in the library. Upload it first.") % {"name": name})
    if len(found) > 1:
        raise ValidationError(_("Several pictures are named “%(name)s”.") % {"name": name})
    return found[0]


def by_name(model: type[models.Model], name: str) -> Any:
    """A category by name or address in any language. Raises ValidationError that names those there are."""
    texts: Any = model._parler_meta.root_model  # type: ignore[attr-defined]
    rows = texts._default_manager.filter(models.Q(name__iexact=name) | models.Q(slug=name.strip("/").lower()))
    found = rows.values_list("master_id", flat=True).first()
    if found is None:
        names = list(texts._default_manager.order_by("name").values_list("name", flat=True).distinct()[:20])
        raise ValidationError(
            _("There is no category “%(name)s”. There are: %(names)s")
            % {"name": name, "names": ", ".join(names) or "–"}
        )
    return model._default_manager.get(pk=found)


def _has(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True

"""Notices, in the transaction of the save itself, that an item's address is another one than before."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from parler.models import TranslatableModel

from haiheng.languages.models import SluggedTranslation
from haiheng.publishing.models import Publishable
from haiheng.redirects import placing
from haiheng.seo.sitemaps import in_language

# Kept on the instance between the two signals of one save.
_STOOD = "_redirects_stood"
_BEFORE_ALL = "_redirects_stood_before_category"


@dataclass(frozen=True)
class Place:
    """Where an item stands in one language; `public` if a visitor may have seen it there."""

    path: str
    public: bool


Places = dict[str, Place]


def places(model: Any, pk: Any) -> Places:
    """By language, as the database has it now. Where a category has no name, its items stand under another's slug."""
    owners = model._default_manager.filter(pk=pk)
    if not issubclass(model, TranslatableModel):
        return {code: Place(_path_of(owner, code), public=True) for owner in owners for code in _codes()}
    related = ["category__translations"] if _in_category(model) else []
    item = owners.prefetch_related("translations", *related).first()
    if item is None:
        return {}
    texts = {text.language_code: text for text in item.translations.all()}
    if not issubclass(model, Publishable):
        return {code: Place(_path_of(item, code), code in texts) for code in _codes() if texts}
    was_shown = item.trashed_at is None and item.published_at is not None and item.published_at <= timezone.now()
    return {
        code: Place(_path_of(item, code), was_shown and texts[code].ready)
        for code in _codes()
        if code in texts and texts[code].slug
    }


def before_save(sender: type[models.Model], instance: Any, *, raw: bool = False, **_kwargs: Any) -> None:
    if raw or not _watched(sender):
        return
    model, pk = _owner(sender, instance)
    adding = instance._state.adding
    name_of_category = _is_category(model) and sender is not model
    if pk is None or (adding and not name_of_category):
        setattr(instance, _STOOD, {})
    elif adding or _differs(sender, instance):
        setattr(instance, _STOOD, places(model, pk))
    else:
        setattr(instance, _STOOD, None)


def after_save(sender: type[models.Model], instance: Any, *, raw: bool = False, **_kwargs: Any) -> None:
    if raw or not _watched(sender):
        return
    model, pk = _owner(sender, instance)
    stood: Places | None = instance.__dict__.pop(_STOOD, None)
    if pk is None or (stood is None and not issubclass(model, Publishable)):
        return
    stand = places(model, pk)
    first = _before_category(sender, instance)
    for code, here in stand.items():
        _moved((stood or {}).get(code), here, first.pop(code, None), is_category=_is_category(model))
    if sender is model and stood:
        _remember_for_texts(instance, stood)


def _moved(was: Place | None, here: Place, first: Place | None, *, is_category: bool) -> None:
    """`first` is where it stood before its category changed in the same save: visitors never saw the step between."""
    if was is not None and was.path != here.path:
        if is_category:
            placing.follow_below(was.path, here.path)
        seen = first or was
        if first:
            placing.follow(was.path, here.path)
        if seen.public:
            placing.leave(seen.path, here.path)
        else:
            placing.follow(seen.path, here.path)
    elif here.public:
        placing.take(here.path)


def _watched(model: type[models.Model]) -> bool:
    if issubclass(model, SluggedTranslation | Publishable):
        return True
    # Plain rows with an address of their own, like tags.
    return getattr(model, "affects_public_pages", False) and hasattr(model, "get_absolute_url") and _has(model, "slug")


def _owner(sender: type[models.Model], instance: Any) -> tuple[Any, Any]:
    if issubclass(sender, SluggedTranslation):
        return sender._meta.get_field("master").related_model, instance.master_id
    return sender, instance.pk


def _differs(sender: type[models.Model], instance: Any) -> bool:
    """Whether the part of the address that this row holds is another one than the database's."""
    field = "category_id" if issubclass(sender, Publishable) else "slug"
    if field == "category_id" and not _in_category(sender):
        return False
    before = sender._base_manager.filter(pk=instance.pk).values_list(field, flat=True).first()
    return bool(before is not None and before != getattr(instance, field))


def _remember_for_texts(item: Any, stood: Places) -> None:
    """Parler saves the texts after the item: those that change too moved from where the item stood at first."""
    cached = (item._translations_cache or {}).values() if isinstance(item, TranslatableModel) else ()
    changing = {code for texts in cached for code, text in texts.items() if getattr(text, "is_modified", False)}
    item.__dict__[_BEFORE_ALL] = {code: place for code, place in stood.items() if code in changing}


def _before_category(sender: type[models.Model], instance: Any) -> Places:
    if not issubclass(sender, SluggedTranslation):
        instance.__dict__.pop(_BEFORE_ALL, None)
        return {}
    item = instance._state.fields_cache.get("master")
    remembered: Places = item.__dict__.get(_BEFORE_ALL, {}) if item is not None else {}
    place = remembered.pop(instance.language_code, None)
    return {instance.language_code: place} if place else {}


def _path_of(item: Any, code: str) -> str:
    if isinstance(item, TranslatableModel):
        return unquote(in_language(item, code))
    with translation.override(code):
        return unquote(item.get_absolute_url())


def _is_category(model: Any) -> bool:
    return issubclass(model, TranslatableModel) and not issubclass(model, Publishable)


def _in_category(model: type[models.Model]) -> bool:
    return _has(model, "category")


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]

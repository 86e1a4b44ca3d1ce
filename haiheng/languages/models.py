"""What every translated item with an address shares."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from parler.models import TranslatedFieldsModel

from haiheng.languages import slugs


class SluggedTranslation(TranslatedFieldsModel):
    """A translation with its own slug, unique within its language; made from `slug_source` when left empty."""

    slug_source = "title"
    affects_public_pages = True

    slug = models.SlugField(
        _("address"),
        max_length=slugs.MAX_LENGTH,
        allow_unicode=True,
        blank=True,
        validators=[slugs.validate_slug],
        help_text=_("The last part of the page’s address. Leave it empty to have it made from the title."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["language_code", "master"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This language exists already."),
            ),
            models.UniqueConstraint(
                fields=["language_code", "slug"],
                name="%(app_label)s_%(class)s_slug",
                violation_error_message=_("Another item in this language has this address. Choose another one."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self.free_slug()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "slug"}
        # What hangs on the address (redirects) is written with it or not at all.
        with transaction.atomic():
            super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """An address that another item has is told beside the address."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            if error.error_dict.keys() != {NON_FIELD_ERRORS} or "slug" in (exclude or ()):
                raise
            if not self._slug_is_taken():
                raise
            raise ValidationError({"slug": error.error_dict[NON_FIELD_ERRORS]}) from None

    def _slug_is_taken(self) -> bool:
        others = type(self)._default_manager.filter(language_code=self.language_code, slug=self.slug)
        return others.exclude(pk=self.pk).exists()

    def slug_text(self) -> str:
        return str(getattr(self, self.slug_source))

    def free_slug(self) -> str:
        """The slug for this title that no other item of this language has."""
        wanted = slugs.slug_for(self.slug_text())
        if not wanted or wanted in slugs.RESERVED:
            wanted = slugs.fallback_slug(wanted or str(self.master._meta.model_name))
        others = type(self)._default_manager.filter(language_code=self.language_code).exclude(pk=self.pk)
        taken = set(others.filter(slug__startswith=wanted[: slugs.MAX_LENGTH - 4]).values_list("slug", flat=True))
        return next(slug for slug in slugs.alternatives(wanted) if slug not in taken)


class CategoryTranslation(SluggedTranslation):
    """The texts of a category, whatever it holds."""

    slug_source = "name"

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(
        _("description"), max_length=320, blank=True, help_text=_("One sentence, also for search engines.")
    )

    class Meta(SluggedTranslation.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


def slug_elsewhere(texts: Iterable[SluggedTranslation]) -> str:
    """The slug of what has none in the active language: that of the first of the site's languages that has one."""
    slugs = {text.language_code: text.slug for text in texts}
    return next((slugs[code] for code, _name in settings.LANGUAGES if code in slugs), "")


def current_language() -> str:
    """The active language, never None."""
    return get_language() or settings.LANGUAGE_CODE

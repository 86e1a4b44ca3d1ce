from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from parler.fields import TranslationsForeignKey
from parler.managers import TranslatableManager, TranslatableQuerySet
from parler.models import TranslatableModel, TranslatedFieldsModel

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class RenditionState(models.TextChoices):
    PENDING = "pending", _("sizes are being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class PictureQuerySet(TranslatableQuerySet):
    def due(self) -> "PictureQuerySet":
        """Pictures whose renditions are still to be made, oldest first."""
        return self.filter(state=RenditionState.PENDING).order_by("updated_at", "pk")

    def with_texts(self) -> "PictureQuerySet":
        return self.prefetch_related("translations")


class Picture(TranslatableModel):
    """A picture of the library: one clean original, renditions beside it, texts per language."""

    affects_public_pages = True
    keeps_history = True

    name = models.CharField(_("name"), max_length=200, help_text=_("For staff only, to find the picture again."))
    # Written by intake alone: a cleaned, re-encoded copy, never the bytes that were sent.
    file = models.FileField(_("file"), max_length=200, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    has_alpha = models.BooleanField(_("transparent ground"), default=False, editable=False)
    focal_x = models.FloatField(
        _("focal point, from the left"),
        default=0.5,
        help_text=_("From 0 (left edge) to 1 (right edge). This point stays visible when the picture is cropped."),
    )
    focal_y = models.FloatField(
        _("focal point, from the top"), default=0.5, help_text=_("From 0 (upper edge) to 1 (lower edge).")
    )
    decorative = models.BooleanField(
        _("decoration only"),
        default=False,
        help_text=_("The picture says nothing that the text beside it does not say: it needs no description."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RenditionState, default=RenditionState.PENDING, editable=False
    )
    state_note = models.CharField(_("what went wrong"), max_length=300, blank=True, editable=False)
    # Random folder of the renditions; a new one whenever the file or the focal point changes,
    # so that their addresses never change meaning and may be cached for ever.
    renditions_key = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    # What lies in that folder: {"3:2": ["webp", "jpeg", "avif"], …}. The template tag asks no disk.
    renditions = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TranslatableManager.from_queryset(PictureQuerySet)()
    if TYPE_CHECKING:
        translations: RelatedManager["PictureTranslation"]

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="picture_newest"),
            models.Index(fields=["updated_at"], name="picture_due", condition=Q(state="pending")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="picture_has_size"),
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="picture_focal_point_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def text(self, field: str, language: str | None = None) -> str:
        """`alt` or `caption` in the language (default: the active one), else ""; uses prefetched rows."""
        value: str = self.safe_translation_getter(field, default="", language_code=language or get_language()) or ""
        return value

    def brought_back(self, changed: set[str]) -> None:
        """An earlier version is back: its crops follow its focal point."""
        if changed & {"focal_x", "focal_y"}:
            self.render_again()

    def render_again(self) -> None:
        """Have the worker make the renditions anew; the old ones serve until then."""
        self.state = RenditionState.PENDING
        self.state_note = ""
        self.save(update_fields=["state", "state_note", "updated_at"])


class PictureTranslation(TranslatedFieldsModel):
    affects_public_pages = True

    master = TranslationsForeignKey(Picture, related_name="translations", on_delete=models.CASCADE)
    alt = models.CharField(
        _("description (alt text)"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for readers who cannot see it and for search engines."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True, help_text=_("Shown below the picture."))

    class Meta:
        unique_together: ClassVar = [("language_code", "master")]
        verbose_name = _("texts of a picture")
        verbose_name_plural = _("texts of pictures")

    def __str__(self) -> str:
        return self.alt

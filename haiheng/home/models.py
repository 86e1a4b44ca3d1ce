"""The home page: an ordered list of named blocks."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from parler.fields import TranslationsForeignKey
from parler.managers import TranslatableQuerySet
from parler.models import TranslatableModel, TranslatedFieldsModel

from haiheng.languages.models import current_language
from haiheng.richtext.fields import RichTextField


class BlockQuerySet(TranslatableQuerySet):
    def shown(self, language: str | None = None) -> Self:
        """Blocks switched on in a language (default: the active one), in their order."""
        return self.filter(
            translations__language_code=language or current_language(), translations__shown=True
        ).order_by("position", "pk")


class Block(TranslatableModel):
    class Kind(models.TextChoices):
        HERO = "hero", _("Headline with the ruler strip")
        RANGE = "range", _("The range, drawn to one scale")
        FEATURED = "featured", _("Chosen products as cards")
        ROUTE = "route", _("Steps of an order along a ruler")
        FACTS = "facts", _("Facts as a table")
        NEWS = "news", _("Newest articles")
        TEXT = "text", _("Text, with a picture if you like")
        FORM = "form", _("Message form")

    affects_public_pages = True
    keeps_history = True

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)
    products = models.ManyToManyField(
        "products.Product", blank=True, related_name="+", verbose_name=_("products"),
        help_text=_("For the strip, the range and the cards. Empty: the first ones of the catalogue."),
    )  # fmt: skip
    picture = models.ForeignKey(
        "images.Picture", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("home page block")
        verbose_name_plural = _("home page blocks")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class BlockTranslation(TranslatedFieldsModel):
    affects_public_pages = True

    master = TranslationsForeignKey(Block, models.CASCADE, related_name="translations", null=True)
    shown = models.BooleanField(_("shown in this language"), default=True)
    title = models.CharField(_("title"), max_length=160, blank=True)
    intro = models.TextField(_("intro"), max_length=600, blank=True)
    lines = models.TextField(
        _("lines"), blank=True, help_text=_("For steps and facts, one per line: heading | sentence")
    )
    body = RichTextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("texts of a home page block")
        unique_together = [("language_code", "master")]

    def __str__(self) -> str:
        return self.title

    def pairs(self) -> list[tuple[str, str]]:
        """The lines as (heading, sentence)."""
        rows = (line.partition("|") for line in self.lines.splitlines() if line.strip())
        return [(heading.strip(), sentence.strip()) for heading, _separator, sentence in rows]

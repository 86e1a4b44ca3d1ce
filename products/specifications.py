"""One vocabulary of specifications, translated once, and the typed values that products hold of it.

Values are stored in the base unit of their definition (5990 mm), so that they can be filtered and compared; a
product in a further language needs none of this again.
"""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from parler.fields import TranslationsForeignKey
from parler.models import TranslatableModel, TranslatedFieldsModel

# Of every number, whatever its unit.
DECIMAL_PLACES = 4


class Named(TranslatableModel):
    """A word of the vocabulary: it has a name per language and a place in the order."""

    affects_public_pages = True

    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.safe_translation_getter("name", any_language=True) or f"#{self.pk}"


class NameTranslation(TranslatedFieldsModel):
    affects_public_pages = True

    name = models.CharField(_("name"), max_length=80)

    class Meta:
        abstract = True
        unique_together = [("language_code", "master")]

    def __str__(self) -> str:
        return self.name


class SpecificationGroup(Named):
    key = models.SlugField(_("key"), unique=True)

    class Meta(Named.Meta):
        verbose_name = _("specification group")
        verbose_name_plural = _("specification groups")


class SpecificationGroupTranslation(NameTranslation):
    master = TranslationsForeignKey(SpecificationGroup, models.CASCADE, related_name="translations", null=True)

    class Meta(NameTranslation.Meta):
        verbose_name = _("name of a specification group")


class Unit(models.TextChoices):
    """Base units; the symbols of the International System are the same in every language."""

    NONE = "", "–"
    MM = "mm", "mm"
    M = "m", "m"
    KG = "kg", "kg"
    T = "t", "t"
    L = "l", "l"
    CM3 = "cm³", "cm³"
    M3 = "m³", "m³"
    KW = "kW", "kW"
    KWH = "kWh", "kWh"
    NM = "Nm", "Nm"
    RPM = "rpm", "rpm"
    KMH = "km/h", "km/h"
    KM = "km", "km"
    PERCENT = "%", "%"
    DEGREE = "°", "°"
    V = "V", "V"


class Specification(Named):
    """The definition of one specification: what it is called, what kind of value it takes, in which unit."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("Choice")
        TEXT = "text", _("Text, the same in every language")
        BOOLEAN = "boolean", _("Yes or no")

    group = models.ForeignKey(
        SpecificationGroup, models.PROTECT, related_name="specifications", verbose_name=_("group")
    )
    key = models.SlugField(_("key"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NUMBER)
    unit = models.CharField(_("unit"), max_length=6, choices=Unit, blank=True, default=Unit.NONE)
    decimals = models.PositiveSmallIntegerField(
        _("decimals"), default=0, validators=[MaxValueValidator(DECIMAL_PLACES)]
    )
    filterable = models.BooleanField(_("in the filter"), default=False)
    on_card = models.BooleanField(
        _("on cards"), default=False, help_text=_("Among the rows of a product’s card, four at most.")
    )

    class Meta(Named.Meta):
        verbose_name = _("specification")
        verbose_name_plural = _("specifications")
        ordering = ["group__position", "group", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="text", filterable=True), name="products_no_filter_of_texts"
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.filterable and self.kind == self.Kind.TEXT:
            raise ValidationError({"filterable": _("Texts cannot be filtered. Make it a choice.")})

    def search_touched(self) -> "models.QuerySet[Any]":
        return products_with(specification=self.pk)


class SpecificationTranslation(NameTranslation):
    master = TranslationsForeignKey(Specification, models.CASCADE, related_name="translations", null=True)
    short_name = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("On cards and among key facts, like “Length”.")
    )

    class Meta(NameTranslation.Meta):
        verbose_name = _("name of a specification")

    def search_touched(self) -> "models.QuerySet[Any]":
        return self.master.search_touched()


class SpecificationChoice(Named):
    specification = models.ForeignKey(
        Specification, models.CASCADE, related_name="choices", verbose_name=_("specification")
    )
    key = models.SlugField(_("key"))

    class Meta(Named.Meta):
        verbose_name = _("choice of a specification")
        verbose_name_plural = _("choices of a specification")
        constraints = [models.UniqueConstraint(fields=["specification", "key"], name="products_choice_key")]

    def search_touched(self) -> "models.QuerySet[Any]":
        return products_with(choices=self.pk)


class SpecificationChoiceTranslation(NameTranslation):
    master = TranslationsForeignKey(SpecificationChoice, models.CASCADE, related_name="translations", null=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True, help_text=_("On cards, like “LHD”."))

    class Meta(NameTranslation.Meta):
        verbose_name = _("name of a choice")

    def search_touched(self) -> "models.QuerySet[Any]":
        return self.master.search_touched()


class Remark(Named):
    """What may stand behind a value: "on request", "by market"."""

    key = models.SlugField(_("key"), unique=True)

    class Meta(Named.Meta):
        verbose_name = _("remark on specifications")
        verbose_name_plural = _("remarks on specifications")

    def search_touched(self) -> "models.QuerySet[Any]":
        return products_with(remark=self.pk)


class RemarkTranslation(NameTranslation):
    master = TranslationsForeignKey(Remark, models.CASCADE, related_name="translations", null=True)

    class Meta(NameTranslation.Meta):
        verbose_name = _("wording of a remark")

    def search_touched(self) -> "models.QuerySet[Any]":
        return self.master.search_touched()


class ProductSpecificationQuerySet(models.QuerySet["ProductSpecification"]):
    def complete(self) -> Self:
        """With definition, group, choices and remark and their names, in a fixed number of queries."""
        return self.select_related("specification__group", "remark").prefetch_related(
            "specification__translations",
            "specification__group__translations",
            "choices__translations",
            "remark__translations",
        )


class ProductSpecification(models.Model):
    """One value of one product."""

    affects_public_pages = True
    # In a difference the name of the specification alone stands before these.
    history_main_fields = ("number", "text", "boolean", "choices")
    search_owner = "product"

    product = models.ForeignKey("products.Product", models.CASCADE, related_name="specifications")
    specification = models.ForeignKey(
        Specification, models.PROTECT, related_name="values", verbose_name=_("specification")
    )
    number = models.DecimalField(
        _("number"),
        max_digits=14,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
        help_text=_("In the unit of the row."),
    )
    number_to = models.DecimalField(
        _("to"), max_digits=14, decimal_places=DECIMAL_PLACES, null=True, blank=True, help_text=_("For a range.")
    )
    text = models.CharField(
        pgettext_lazy("specification", "text"), max_length=120, blank=True, help_text=_("Like 195/75 R16C.")
    )
    boolean = models.BooleanField(_("yes or no"), null=True, blank=True)
    choices = models.ManyToManyField(SpecificationChoice, blank=True, related_name="values", verbose_name=_("choices"))
    remark = models.ForeignKey(
        Remark, models.PROTECT, null=True, blank=True, related_name="values", verbose_name=_("remark")
    )
    is_key_fact = models.BooleanField(_("key fact"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = ProductSpecificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("specification of a product")
        verbose_name_plural = _("specifications of a product")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "specification"],
                name="products_specification_once",
                violation_error_message=_("This specification stands here twice."),
            ),
            models.CheckConstraint(
                condition=models.Q(number_to__isnull=True) | models.Q(number_to__gte=models.F("number")),
                name="products_range_in_order",
            ),
        ]
        indexes = [models.Index(fields=["specification", "number"], name="products_spec_number")]

    def __str__(self) -> str:
        return str(self.specification)

    def words(self, language: str) -> str:
        """Name and value as a reader of this language would type them into a search."""
        named = [_name(choice, language) for choice in self.choices.all()]
        number = f"{self.number.normalize():f} {self.specification.unit}" if self.number is not None else ""
        # What it is not has no name; a remark says what else there is.
        name = "" if self.boolean is False else _name(self.specification, language)
        remark = _name(self.remark, language) if self.remark else ""
        return " ".join(part for part in (name, number, self.text, *named, remark) if part)

    def short_words(self, language: str) -> str:
        """The short names, which buyers type as well: LHD for left-hand drive."""
        named = [self.specification, *self.choices.all()] if self.boolean is not False else []
        return " ".join(filter(None, (_name(word, language, "short_name") for word in named)))

    def clean(self) -> None:
        super().clean()
        kind = self.specification.kind if self.specification_id else None
        if kind == Specification.Kind.NUMBER and self.number is None:
            raise ValidationError({"number": _("Enter a number.")})
        if kind == Specification.Kind.TEXT and not self.text:
            raise ValidationError({"text": _("Enter a text.")})
        if self.number is not None and self.number_to is not None and self.number_to < self.number:
            raise ValidationError({"number_to": _("The end of the range is below its beginning.")})


def products_with(**values: int) -> "models.QuerySet[Any]":
    """Products that have such a value."""
    products = ProductSpecification._meta.get_field("product").related_model
    rows = ProductSpecification.objects.filter(**values)
    return products._default_manager.filter(pk__in=rows.values("product"))


def _name(word: Named, language: str, field: str = "name") -> str:
    return str(word.safe_translation_getter(field, "", language_code=language))

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentRule(models.Model):
    """Gives new enquiries to somebody by themselves. Without a rule nobody gets any: staff take them."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Same contact: whoever had the last enquiry")
        LANGUAGE = "language", _("Language")
        CATEGORY = "category", _("Product category")
        TURNS = "turns", _("In turn, among those at work")

    kind = models.CharField(_("by"), max_length=10, choices=Kind)
    language = models.CharField(_("language"), max_length=10, blank=True)
    category = models.ForeignKey(
        "products.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("The categories below it count as well."),
    )  # fmt: skip
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("assigned to"), help_text=_("For a language or a category."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The first rule that names somebody decides.")
    )
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display()).partition(":")[0]

    def clean(self) -> None:
        if self.kind == self.Kind.LANGUAGE and not self.language:
            raise ValidationError({"language": _("Choose the language.")})
        if self.kind == self.Kind.CATEGORY and not self.category_id:
            raise ValidationError({"category": _("Choose the category.")})
        if self.kind in {self.Kind.LANGUAGE, self.Kind.CATEGORY} and not self.assignee_id:
            raise ValidationError({"assignee": _("Choose who gets these enquiries.")})

"""What the overview keeps: sums that would take too long to count when it is opened, and what was waved aside."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WeekOfEnquiries(models.Model):
    """How many enquiries came in a week, by group of products and country. Counted by the worker."""

    week = models.DateField(_("week"), help_text=_("Its Monday, in the zone of the office."))
    # A root of the tree of categories; nothing: about no product, or about one that is gone.
    category = models.BigIntegerField(null=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    count = models.PositiveIntegerField(_("enquiries"))

    class Meta:
        verbose_name = _("enquiries of a week")
        verbose_name_plural = _("enquiries by week")
        indexes = [models.Index(fields=["week"], name="dashboard_week")]

    def __str__(self) -> str:
        return f"{self.week} {self.count}"


class CountedWeek(models.Model):
    """That a week was counted, and when: an empty week has no other row."""

    week = models.DateField(unique=True)
    counted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.week)


class Waved(models.Model):
    """A step of the first-run checklist that this company does not need."""

    key = models.SlugField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.key


class BrokenLink(models.Model):
    """A link inside a text that leads to a page of this site which the public does not get."""

    # "news.articletranslation", and the number of the row.
    kind = models.CharField(max_length=60)
    text = models.PositiveBigIntegerField()
    href = models.CharField(_("link"), max_length=500)

    class Meta:
        verbose_name = _("broken link")
        verbose_name_plural = _("broken links")
        constraints = [models.UniqueConstraint(fields=["kind", "text", "href"], name="dashboard_link_once")]

    def __str__(self) -> str:
        return self.href


class ItemLink(models.Model):
    """That a text links to an item: whoever changes the item has these texts looked at again."""

    kind = models.CharField(max_length=60)
    text = models.PositiveBigIntegerField()
    # "products.product:7"
    item = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "text", "item"], name="dashboard_item_link_once")]

    def __str__(self) -> str:
        return self.item


class Board(models.Model):
    """No table: the right to see the board of what is missing, and its place in the menu."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        verbose_name = _("what is missing")
        verbose_name_plural = _("what is missing")

    def __str__(self) -> str:
        return ""

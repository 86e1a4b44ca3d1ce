"""Old addresses and where they lead, addresses of a former site, and addresses that nobody knows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from haiheng.redirects import paths, patterns


class Origin(models.TextChoices):
    MOVED = "moved", _("moved by itself")
    STAFF = "staff", _("by hand")
    IMPORT = "import", _("from a list")


class Redirect(models.Model):
    """One old address and the present one. `target` follows the item it leads to: see `placing`."""

    affects_public_pages = True

    path = models.CharField(
        _("old address"), max_length=paths.LONGEST, unique=True,
        help_text=_("Like /news/show-123.html. Capital letters and a slash at the end make no difference."),
    )  # fmt: skip
    target = models.CharField(
        _("leads to"), max_length=paths.LONGEST, db_index=True,
        help_text=_("A page of this site, like /products/minibuses/."),
    )  # fmt: skip
    # The address without its category, where an item moved: the category may have been renamed before.
    tail = models.CharField(max_length=paths.LONGEST, blank=True, db_index=True, editable=False)
    origin = models.CharField(_("made"), max_length=10, choices=Origin, default=Origin.STAFF, editable=False)
    hits = models.PositiveBigIntegerField(_("hits"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last hit"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(path=F("target")), name="redirects_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.path} → {self.target}"


class FormerNumber(models.Model):
    """What a number of a former site is today. Patterns read them."""

    affects_public_pages = True

    series = models.SlugField(
        _("series"), max_length=40, help_text=_("Which numbers these are, like “news” or “products”.")
    )
    number = models.CharField(_("number"), max_length=40)
    target = models.CharField(_("leads to"), max_length=paths.LONGEST, db_index=True)

    class Meta:
        verbose_name = _("number of the former site")
        verbose_name_plural = _("numbers of the former site")
        ordering = ["series", "number"]
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="redirects_number_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.number}"

    def clean(self) -> None:
        super().clean()
        with _about("target"):
            self.target = paths.new_address(self.target)


class Finds(models.TextChoices):
    NUMBER = "number", _("the item with this {number}, from the list of numbers")
    SLUG = "slug", _("the item with this {slug}: its address or model number")
    ADDRESS = "address", _("a fixed address")


class Pattern(models.Model):
    """Addresses of a former site that look alike. Placeholders only: nobody has to write a regular expression."""

    affects_public_pages = True

    pattern = models.CharField(
        _("pattern"), max_length=200, unique=True,
        help_text=_("Placeholders: {number} {slug} {year} {month} {day} {any}. Like /news/show-{number}.html"),
    )  # fmt: skip
    finds = models.CharField(_("leads to"), max_length=10, choices=Finds, default=Finds.NUMBER)
    series = models.SlugField(
        _("series"), max_length=40, blank=True, help_text=_("Where numbers are looked up, like “news”.")
    )
    target = models.CharField(
        _("address"), max_length=200, blank=True,
        help_text=_("For a fixed address, and where no item is found. May hold the placeholders of the pattern."),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("The first one that fits is taken."))

    class Meta:
        verbose_name = _("pattern of old addresses")
        verbose_name_plural = _("patterns of old addresses")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.pattern

    def clean(self) -> None:
        super().clean()
        names = patterns.check(self.pattern)
        wanted = {Finds.NUMBER: "number", Finds.SLUG: "slug"}.get(Finds(self.finds)) if self.finds else None
        if wanted and wanted not in names:
            raise ValidationError({"pattern": _("The placeholder {%(name)s} is missing.") % {"name": wanted}})
        if self.finds == Finds.NUMBER and not self.series:
            raise ValidationError({"series": _("Name the series of numbers.")})
        if self.finds == Finds.ADDRESS and not self.target:
            raise ValidationError({"target": _("Enter an address.")})
        if self.target:
            with _about("target"):
                self.target = patterns.check_target(self.target, names)


class UnknownAddress(models.Model):
    """An address that was asked for and that leads nowhere. Nothing about who asked."""

    path = models.CharField(_("address"), max_length=paths.LONGEST, unique=True)
    count = models.PositiveBigIntegerField(_("asked for"), default=0)
    first_seen_at = models.DateTimeField(_("first time"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last time"))

    class Meta:
        verbose_name = _("unknown address")
        verbose_name_plural = _("unknown addresses")
        ordering = ["-count", "-last_seen_at", "pk"]
        indexes = [models.Index(fields=["-count", "-last_seen_at"], name="redirects_unknown_often")]

    def __str__(self) -> str:
        return self.path


@contextmanager
def _about(field: str) -> Iterator[None]:
    """Puts an error beside the field it is about."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None

"""Who the company is, in one record."""

import datetime
from collections.abc import Iterator
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from parler.fields import TranslationsForeignKey
from parler.models import TranslatableModel, TranslatedFieldsModel

from haiheng.company.robots import validate_robots
from haiheng.company.steps import reminder_hours, validate_reminder_hours
from haiheng.company.texts import CompanyTexts
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.publishing.years import is_usual_year


def validate_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("Enter a time zone like Asia/Hong_Kong."), code="zone")


class CompanyProfile(CompanyTexts, TranslatableModel):
    """The single record that header, footer, contact page, mails and search engines are fed from."""

    affects_public_pages = True
    keeps_history = True
    history_parts = ("working_hours",)

    legal_name = models.CharField(
        _("legal name"), max_length=200, help_text=_("Exactly as registered; shown in the footer and in mails.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    whatsapp = models.CharField(
        _("WhatsApp"), max_length=40, blank=True, help_text=_("With country code, like +86 13663804870.")
    )
    wechat_id = models.CharField(_("WeChat ID"), max_length=60, blank=True)
    wechat_qr = models.ForeignKey(
        "images.Picture", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("WeChat QR code")
    )
    facebook_name = models.CharField(_("Facebook name"), max_length=120, blank=True)
    facebook_url = models.URLField(_("Facebook address"), blank=True)
    website = models.CharField(
        _("website"), max_length=120, blank=True, help_text=_("As you write it, like www.example.com.")
    )
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    founding_year = models.PositiveSmallIntegerField(
        _("founded in"), null=True, blank=True, validators=[MinValueValidator(1800), MaxValueValidator(2100)]
    )
    bank_notice = models.BooleanField(
        _("say that bank details never change by mail"),
        default=True,
        help_text=_("Protects buyers from forged payment instructions."),
    )
    zone = models.CharField(_("time zone"), max_length=60, default="Asia/Hong_Kong", validators=[validate_zone])
    remind_after = models.CharField(
        _("remind of unanswered enquiries after"),
        max_length=60,
        blank=True,
        default="4, 16",
        validators=[validate_reminder_hours],
        help_text=_("Working hours, like 4, 16: once after each. Empty: never."),
    )
    logo = models.ForeignKey(
        "images.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("Empty: the seal of the site’s design."),
    )
    notice_from = models.DateTimeField(_("notice shown from"), null=True, blank=True)
    notice_until = models.DateTimeField(_("notice shown until"), null=True, blank=True)
    robots_lines = models.TextField(
        _("additions to robots.txt"),
        blank=True,
        max_length=2000,
        validators=[validate_robots],
        help_text=_("For search engines, such as “Disallow: /news/tag/”. The site’s own lines come first."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("company profile")
        verbose_name_plural = _("company profile")

    def __str__(self) -> str:
        return self.legal_name

    @classmethod
    def load(cls) -> Self:
        """The profile, kept in memory until something public changes; an empty one before it is filled in."""
        return version.memo("company.profile", cls._read)

    @classmethod
    def _read(cls) -> Self:
        queryset = cls.objects.prefetch_related("translations", "working_hours")
        return queryset.select_related("logo", "wechat_qr").order_by("pk").first() or cls()

    @property
    def whatsapp_digits(self) -> str:
        """The number as wa.me wants it."""
        return "".join(character for character in self.whatsapp if character.isdigit())

    @property
    def phone_digits(self) -> str:
        """The telephone, or the WhatsApp number, as a tel: link wants it."""
        number = self.telephone or self.whatsapp
        digits = "".join(character for character in number if character.isdigit())
        return f"+{digits}" if number.strip().startswith("+") else digits

    @property
    def website_url(self) -> str:
        if not self.website or self.website.startswith(("https://", "http://")):
            return self.website
        return f"https://{self.website}"

    @property
    def reminder_steps(self) -> tuple[int, ...]:
        return reminder_hours(self.remind_after)

    def current_notice(self) -> str:
        """The one-line notice for every page, while it is due."""
        now = timezone.now()
        due = (self.notice_from is None or self.notice_from <= now) and (
            self.notice_until is None or now < self.notice_until
        )
        return self.safe_translation_getter("notice", "", language_code=current_language()) if due and self.pk else ""


class CompanyProfileTranslation(TranslatedFieldsModel):
    affects_public_pages = True

    master = TranslationsForeignKey(CompanyProfile, models.CASCADE, related_name="translations", null=True)
    name = models.CharField(_("short name"), max_length=80)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    address = models.TextField(_("address"), blank=True)
    hours = models.CharField(
        _("office hours in words"), max_length=200, blank=True, help_text=_("Shown on the contact page and in mails.")
    )
    response_time = models.CharField(
        _("usual response time"), max_length=200, blank=True, help_text=_("Promised to buyers only when filled in.")
    )
    legal_lines = models.TextField(
        _("legal lines"), blank=True, help_text=_("One per line, like a mainland record number. Foot of every page.")
    )
    notice = models.CharField(_("site notice"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("texts of the company profile")
        unique_together = [("language_code", "master")]

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """When the office is open; answers are counted in this time."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    affects_public_pages = True

    profile = models.ForeignKey(CompanyProfile, models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="company_hours_in_order",
                violation_error_message=_("The office must close after it opens."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


# Visitors are told so long before.
ANNOUNCED = datetime.timedelta(days=21)
# Each of its days is looked at whenever waiting times are worked out.
LONGEST = datetime.timedelta(days=366)


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def lasting_until(self, day: datetime.date) -> "HolidayQuerySet":
        """Those that are not over before this day, in order."""
        return self.annotate(ends=Coalesce("last", "date")).filter(ends__gte=day).order_by("date")

    def announced(self) -> "HolidayQuerySet":
        today = timezone.now().astimezone(ZoneInfo(CompanyProfile.load().zone)).date()
        return self.lasting_until(today).filter(date__lte=today + ANNOUNCED)


class Holiday(models.Model):
    """A day, or several in a row, on which nobody answers; or on which the office makes up for a holiday (调休)."""

    affects_public_pages = True
    AS_ON = [
        (None, pgettext_lazy("office", "Closed")),
        *((day.value, format_lazy(_("Open as on {weekday}"), weekday=day.label)) for day in WorkingHours.Weekday),
    ]

    date = models.DateField(_("date"), unique=True)
    last = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty: only this one day."))
    as_on = models.PositiveSmallIntegerField(
        _("the office is"), choices=AS_ON, null=True, blank=True,
        help_text=_("For a weekend that is worked: the weekday whose hours count. It counts within a holiday, too."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=80, blank=True, help_text=_("Only staff see it."))

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last=None) | models.Q(last__gte=models.F("date")),
                name="company_holiday_in_order",
                violation_error_message=_("The last day cannot come before the first."),
            )
        ]

    def __str__(self) -> str:
        last = f"–{self.last:%Y-%m-%d}" if self.last else ""
        return f"{self.date:%Y-%m-%d}{last} {self.name}".strip()

    def clean(self) -> None:
        super().clean()
        if self.date and not is_usual_year(self.date.year):
            raise ValidationError({"date": _("Check the year.")})
        if self.date and self.last and self.last - self.date > LONGEST:
            raise ValidationError({"last": _("A holiday of more than a year? Check the date.")})
        kept = set(WorkingHours.objects.values_list("weekday", flat=True))
        if self.as_on is not None and kept and self.as_on not in kept:
            raise ValidationError({"as_on": _("There are no office hours on this weekday.")})

    def days(self) -> Iterator[datetime.date]:
        for number in range(((self.last or self.date) - self.date).days + 1):
            yield self.date + datetime.timedelta(days=number)

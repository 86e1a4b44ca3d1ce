from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enquiries.models.enquiry import Enquiry
from haiheng.accounts.models import User


class Mailbox(models.Model):
    """A folder on a mail server, and up to where it was read."""

    name = models.CharField(_("mailbox"), max_length=400, unique=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    # What had arrived earlier than this is none of ours: a mailbox in use holds years of other mails.
    begins = models.DateField()
    read_at = models.DateTimeField(_("last read"), null=True)
    failing_since = models.DateTimeField(_("cannot be read since"), null=True)
    trouble = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return self.name


class Fate(models.TextChoices):
    ARRIVED = "arrived", _("Just arrived")
    FILED = "filed", _("In an enquiry")
    UNMATCHED = "unmatched", _("To be sorted")
    IGNORED = "ignored", _("Ignored")


class Doubt(models.TextChoices):
    """Why a mail is not, or not by itself, in an enquiry."""

    UNKNOWN = "unknown", _("It names no enquiry.")
    SENDER = "sender", _("It names an enquiry, but this sender has not written there before.")
    UNPROVEN = "unproven", _("It seems to be from a colleague, but the mail server has not vouched for that.")
    MANY = "many", _("This sender has written very often within an hour.")
    UNREADABLE = "unreadable", _("It is damaged and could not be read.")
    AUTOMATIC = "automatic", _("A program has sent it by itself.")
    REPORT = "report", _("It reports on the delivery of a mail.")
    OWN = "own", _("It is a mail of this website.")
    STAFF = "staff", _("A member of staff has put it aside.")


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def visible_to(self, user: User) -> "IncomingMailQuerySet":
        """Those of nobody, and those in enquiries this person may see."""
        if Enquiry.objects.everything_visible_to(user):
            return self
        return self.filter(models.Q(enquiry=None) | models.Q(enquiry__in=Enquiry.objects.visible_to(user)))

    def to_settle(self) -> "IncomingMailQuerySet":
        return self.filter(fate=Fate.ARRIVED, next_attempt_at__lte=timezone.now()).order_by("pk")

    def unmatched(self) -> "IncomingMailQuerySet":
        return self.filter(fate=Fate.UNMATCHED)

    def outlived(self, before: datetime) -> "IncomingMailQuerySet":
        """Settled mails whose original is no longer needed."""
        return self.filter(fate__in=[Fate.FILED, Fate.IGNORED], arrived_at__lt=before).exclude(file="")


class IncomingMail(models.Model):
    """One mail as it came, exactly once, whatever became of it."""

    # The same for copies of one mail that arrive by several ways.
    digest = models.CharField(max_length=64, unique=True)
    file = models.CharField(max_length=200, blank=True, help_text="The original in the storage; empty: removed.")
    size = models.PositiveBigIntegerField(_("size"), default=0)
    is_cut = models.BooleanField(_("too large, only its beginning was taken"), default=False)
    arrived_at = models.DateTimeField(_("arrived"), default=timezone.now)

    from_name = models.CharField(_("name"), max_length=200, blank=True)
    from_address = models.CharField(_("from"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    first_words = models.CharField(_("first words"), max_length=200, blank=True)

    fate = models.CharField(_("state"), max_length=10, choices=Fate, default=Fate.ARRIVED)
    doubt = models.CharField(_("why"), max_length=10, choices=Doubt, blank=True)
    # Where it is filed, or, while unmatched, the enquiry it names.
    enquiry = models.ForeignKey(
        Enquiry, models.CASCADE, null=True, blank=True, related_name="incoming_mails", verbose_name=_("enquiry")
    )
    message = models.OneToOneField(
        "enquiries.Message", models.SET_NULL, null=True, blank=True, related_name="incoming_mail"
    )
    sorted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sorted by")
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering: ClassVar = ["-id"]
        indexes = [
            models.Index(fields=["fate", "-id"], name="enquiries_incoming_fate"),
            models.Index(fields=["from_address", "arrived_at"], name="enquiries_incoming_from"),
        ]

    def __str__(self) -> str:
        return self.subject or self.first_words or self.from_address

    @property
    def is_open(self) -> bool:
        """Whether staff still have to decide, or may decide anew."""
        return self.fate in {Fate.UNMATCHED, Fate.IGNORED} and bool(self.file)

    def original(self) -> bytes:
        """The mail's bytes. FileNotFoundError if they were removed meanwhile."""
        if not self.file:
            raise FileNotFoundError(self.pk)
        with default_storage.open(self.file) as file:
            content: bytes = file.read()
        return content

    def put_off(self) -> None:
        """Something outside the mail failed; try again, later each time."""
        pause = timedelta(seconds=min(3600, 5 * 2**self.attempts))
        type(self).objects.filter(pk=self.pk, fate=Fate.ARRIVED).update(
            attempts=models.F("attempts") + 1, next_attempt_at=timezone.now() + pause
        )

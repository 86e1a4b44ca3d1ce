"""What staff have been reminded of. Written with the mails themselves, so that none is lost or sent twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from enquiries.models.enquiry import Enquiry


class Reminder(models.Model):
    """Up to which step staff were reminded of an enquiry while it was our turn since a certain moment."""

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, primary_key=True, related_name="reminder")
    turn_since = models.DateTimeField()
    step = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.step}"


class Round(models.Model):
    """A mail to staff that goes out now and then: when it did last. Its row is the lock between several workers."""

    name = models.CharField(max_length=20, unique=True)
    day = models.DateField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("round of mails")
        verbose_name_plural = _("rounds of mails")

    def __str__(self) -> str:
        return self.name

    @classmethod
    @contextmanager
    def taken(cls, name: str) -> Iterator["Round"]:
        """The round, for this worker alone until the transaction ends."""
        with transaction.atomic():
            cls.objects.get_or_create(name=name)
            yield cls.objects.select_for_update().get(name=name)

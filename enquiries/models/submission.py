from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from enquiries.models.enquiry import Enquiry

# The same form within this time is a repetition: a retry, a tab opened again. Later somebody asks once more.
REPEATED_WITHIN = timedelta(days=2)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def recent(self) -> Self:
        """Those of which a repetition is no new enquiry."""
        return self.filter(created_at__gt=timezone.now() - REPEATED_WITHIN)

    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - REPEATED_WITHIN)


class Submission(models.Model):
    """A form as it was sent. Its digest makes a repeat recognisable; its client is counted by the rate limit.

    `client` is a keyed hash that changes daily, not an address.
    """

    digest = models.CharField(max_length=64, unique=True)
    client = models.CharField(max_length=32, blank=True)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, null=True, related_name="submissions")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "created_at"], name="enquiries_client")]

    def __str__(self) -> str:
        return self.digest[:12]

from django.db import models
from django.utils import timezone

from enquiries.models.enquiry import Enquiry


class Submission(models.Model):
    """A form as it was sent. Its digest makes a repeat recognisable; its client is counted by the rate limit.

    `client` is a keyed hash that changes daily, not an address.
    """

    digest = models.CharField(max_length=64, unique=True)
    client = models.CharField(max_length=32, blank=True)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, null=True, related_name="submissions")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["client", "created_at"], name="enquiries_client")]

    def __str__(self) -> str:
        return self.digest[:12]

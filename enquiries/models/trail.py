from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enquiries.models.enquiry import Enquiry


class ReadingTrail(models.Model):
    """What was read before an enquiry was written: as long as the enquiry, and 90 days at most."""

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="trail")
    # Emptied after a day: by then the same key is nobody's.
    reader = models.CharField(max_length=24, blank=True, db_index=True)
    # Several people share the key (an office, a telephone company): nothing is shown then.
    is_shared = models.BooleanField(default=False)
    pages = models.JSONField(_("pages read"), default=list)
    referrer_host = models.CharField(_("came from"), max_length=100, blank=True)
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    collected_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reading trail")
        verbose_name_plural = _("reading trails")

    def __str__(self) -> str:
        return f"{self.enquiry_id}"

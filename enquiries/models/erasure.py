from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """That a person was erased, when and by whom.

    The digests are keyed with SECRET_KEY: they recognise an address or number again, and name nobody.
    """

    erased_at = models.DateTimeField(_("erased"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    contact_number = models.BigIntegerField(_("number of the contact"))
    email_digest = models.CharField(max_length=64, blank=True)
    phone_digest = models.CharField(max_length=64, blank=True)
    references = models.JSONField(_("enquiries"), default=list)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.erased_at):%Y-%m-%d %H:%M}"

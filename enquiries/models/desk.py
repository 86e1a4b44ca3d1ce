"""What helps those who answer: saved replies, drafts, and who is looking at the same enquiry."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enquiries.models.enquiry import Enquiry

# A page says every 20 seconds that it is open.
PRESENT_FOR = timedelta(seconds=50)


class SavedReplyQuerySet(models.QuerySet["SavedReply"]):
    def offered(self, language: str) -> "SavedReplyQuerySet":
        """Those in use, with the ones in this language first."""
        own = models.Case(models.When(language=language, then=0), models.When(language="", then=1), default=2)
        return self.filter(in_use=True).order_by(own, "position", "name")


class SavedReply(models.Model):
    """A text for a question that comes again and again; {name} and the like are filled in."""

    name = models.CharField(_("name"), max_length=80, help_text=_("Only staff see it."))
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Empty: for any language."))
    body = models.TextField(
        _("text"),
        help_text=_("{name}, {reference}, {products}, {sender} and {company} are filled in."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = SavedReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})" if self.language else self.name


class Draft(models.Model):
    """An answer that is not sent yet; it outlives a reload and the end of a session."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    body = models.TextField(blank=True)
    note = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["enquiry", "author"], name="enquiries_one_draft")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.author_id}"


class DraftFile(models.Model):
    """A file that will go with an answer that is not sent yet. Staff only, like what came by mail."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.CharField(max_length=200, help_text="Name in the private storage.")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now(self) -> "PresenceQuerySet":
        return self.filter(seen_at__gt=timezone.now() - PRESENT_FOR).select_related("user")


class Presence(models.Model):
    """Somebody has an enquiry open, and perhaps writes an answer."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader of an enquiry")
        verbose_name_plural = _("readers of enquiries")
        constraints = [models.UniqueConstraint(fields=["enquiry", "user"], name="enquiries_one_presence")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.user_id}"

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enquiries.mailin.html import MailHtmlField
from enquiries.models.enquiry import Enquiry


class Event(models.TextChoices):
    """What happened to an enquiry besides messages; `data` of the message holds the details."""

    RECEIVED = "received", _("received")
    ASSIGNED = "assigned", _("assigned")
    STATE = "state", _("state changed")
    SNOOZED = "snoozed", _("snoozed")
    MERGED = "merged", _("merged")
    QUARANTINED = "quarantined", _("held back as spam")
    RELEASED = "released", _("released from quarantine")
    OPENED = "opened", _("opened in another program")
    EDITED = "edited", _("details changed")
    ERASED = "erased", _("erased")
    WOKEN = "woken", _("snoozing has ended")
    READ = "read", _("marked as read or unread")
    BOUNCED = "bounced", _("a mail came back undelivered")


class MessageQuerySet(models.QuerySet["Message"]):
    def timeline(self) -> "MessageQuerySet":
        return self.select_related("author", "mail").prefetch_related("attachments").order_by("created_at", "pk")


class Message(models.Model):
    """One entry of an enquiry's timeline."""

    class Kind(models.TextChoices):
        INBOUND = "inbound", _("Message")
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")
        EVENT = "event", _("Event")

    class Channel(models.TextChoices):
        FORM = "form", _("Message form")
        MAIL = "mail", _("E-mail")
        PHONE = "phone", _("Telephone")
        WHATSAPP = "whatsapp", _("WhatsApp")
        WECHAT = "wechat", _("WeChat")
        OTHER = "other", _("Other")

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="messages")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    channel = models.CharField(_("by"), max_length=10, choices=Channel, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    body = models.TextField(_("text"), blank=True)
    html = MailHtmlField(blank=True, editable=False, help_text="Sanitised HTML of a mail that came in.")
    event = models.CharField(_("event"), max_length=12, choices=Event, blank=True)
    data = models.JSONField(default=dict, blank=True)
    mail = models.ForeignKey("mail.OutgoingMail", models.SET_NULL, null=True, blank=True, related_name="+")
    message_id = models.CharField(max_length=255, blank=True, db_index=True)
    is_unread = models.BooleanField(_("unread"), default=False)
    created_at = models.DateTimeField(_("time"), default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["enquiry", "created_at", "id"], name="enquiries_timeline")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_undoable(self) -> bool:
        """An event that holds what was before, and was not undone yet."""
        return self.kind == self.Kind.EVENT and "before" in self.data and "undone" not in self.data


class Attachment(models.Model):
    """A file that came with, or went with, a message. Staff only: it is never served from /media/."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    file = models.CharField(max_length=200, help_text="Name in the private storage.")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

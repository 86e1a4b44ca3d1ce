import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enquiries.models.contact import Contact
from haiheng.accounts.models import User
from haiheng.locking import take_turns

REFERENCE_PREFIX = "HH-"
# Without I, L, O, U, 0 and 1, which are read wrongly over the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# Stands where the name of an erased person stood. A sign, because it is read in every language.
NOBODY = "—"


class State(models.TextChoices):
    NEW = "new", pgettext_lazy("enquiry", "New")
    OPEN = "open", pgettext_lazy("enquiry", "Open")
    WAITING = "waiting", _("Waiting")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")


class Outcome(models.TextChoices):
    ORDER = "order", pgettext_lazy("outcome", "Order")
    LOST = "lost", _("Lost")
    NO_ANSWER = "no_answer", _("No answer")
    NOT_FOR_US = "not_for_us", _("Not for us")


class Source(models.TextChoices):
    FORM = "form", _("Message form")
    LIST = "list", _("List of products")
    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Telephone")
    WHATSAPP = "whatsapp", _("WhatsApp")
    WECHAT = "wechat", _("WeChat")
    FAIR = "fair", _("Fair")
    OTHER = "other", _("Other")


class Box(models.TextChoices):
    """Where an enquiry lies: what the views of the inbox are made of. The database computes it."""

    INBOX = "inbox", _("Inbox")
    WAITING = "waiting", _("Waiting")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")
    MERGED = "merged", _("Merged")


class Verdict(models.TextChoices):
    HAM = "ham", _("Not spam")
    SPAM = "spam", _("Spam")


def new_token() -> str:
    """128 bits and more: nobody guesses the address of somebody else's thanks page."""
    return secrets.token_urlsafe(24)


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: User) -> Self:
        """All, or one's own and those of nobody, as SALES_SEE_ALL says."""
        if self.everything_visible_to(user):
            return self
        return self.filter(models.Q(assignee=None) | models.Q(assignee=user))

    @staticmethod
    def everything_visible_to(user: User) -> bool:
        return settings.SALES_SEE_ALL or user.has_perm("enquiries.see_every_enquiry")

    def our_turn(self) -> Self:
        """What waits for an answer of ours, longest first."""
        return self.filter(box=Box.INBOX).order_by("our_turn_since", "pk")

    def in_box(self, box: Box) -> Self:
        return self.filter(box=box)

    def due_to_wake(self) -> Self:
        """Snoozed ones whose day has come."""
        return self.filter(box=Box.SNOOZED, snoozed_until__lte=timezone.now())

    def quarantined(self) -> Self:
        """Held back by the machine, not yet judged by a person."""
        return self.filter(state=State.SPAM, machine_verdict=Verdict.SPAM, verdict="")

    def free_reference(self, year: int) -> str:
        """Like HH-2026-7K4Q: the year, and four characters that tell nobody how many enquiries there are."""
        length = 4
        while True:
            for _attempt in range(20):
                reference = f"{REFERENCE_PREFIX}{year}-" + "".join(
                    secrets.choice(REFERENCE_ALPHABET) for _character in range(length)
                )
                # Another transaction may be giving out the same one right now.
                take_turns(f"reference {reference}", using=self.db)
                if not self.filter(reference=reference).exists():
                    return reference
            length += 1


class Enquiry(models.Model):
    """What a visitor wants, from the first message to the outcome.

    The fields of the visitor (name to message) stay as typed; the contact is what we make of them.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="enquiries", verbose_name=_("contact"))
    source = models.CharField(_("came by"), max_length=10, choices=Source, default=Source.FORM)

    name = models.CharField(pgettext_lazy("person", "name"), max_length=200)
    phone = models.CharField(_("phone"), max_length=80, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    address = models.TextField(_("address"), blank=True)
    message = models.TextField(_("message"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    page = models.CharField(_("page"), max_length=500, blank=True, help_text=_("Where the form was sent from."))

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    is_unread = models.BooleanField(_("unread"), default=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="enquiries",
        verbose_name=_("assigned to"),
    )  # fmt: skip
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    our_turn_since = models.DateTimeField(_("our turn since"), null=True, blank=True, default=timezone.now)
    first_answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    last_activity_at = models.DateTimeField(_("last activity"), default=timezone.now)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_enquiries"
    )

    # A snoozed enquiry lies there until it is woken (handling.wake_due), so that the value depends on the row alone.
    box = models.GeneratedField(
        expression=models.Case(
            models.When(merged_into__isnull=False, then=models.Value(Box.MERGED.value)),
            models.When(state=State.SPAM.value, then=models.Value(Box.SPAM.value)),
            models.When(state=State.CLOSED.value, then=models.Value(Box.CLOSED.value)),
            models.When(snoozed_until__isnull=False, then=models.Value(Box.SNOOZED.value)),
            models.When(state=State.WAITING.value, then=models.Value(Box.WAITING.value)),
            default=models.Value(Box.INBOX.value),
        ),
        output_field=models.CharField(max_length=8, choices=Box),
        db_persist=True,
    )

    machine_verdict = models.CharField(_("verdict of the filter"), max_length=4, choices=Verdict, blank=True)
    spam_score = models.FloatField(_("spam score"), null=True, blank=True)
    spam_reasons = models.JSONField(_("reasons"), default=list, blank=True)
    verdict = models.CharField(_("verdict of staff"), max_length=4, choices=Verdict, blank=True)
    # What the filter has learned from this message, so that exactly that can be unlearned.
    learned = models.CharField(max_length=4, choices=Verdict, blank=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        permissions = [
            ("export_enquiry", _("Can export enquiries")),
            # Without it, and with SALES_SEE_ALL off: one's own and those of nobody.
            ("see_every_enquiry", _("Can see every enquiry")),
        ]
        ordering = ["-received_at", "-pk"]
        # One index per order of each view: the pages of the inbox are read along them, never counted or sorted.
        indexes = [
            models.Index(fields=["box", "our_turn_since", "id"], name="enquiries_turn"),
            models.Index(fields=["box", "last_activity_at", "id"], name="enquiries_activity"),
            models.Index(fields=["box", "received_at", "id"], name="enquiries_received"),
            models.Index(fields=["assignee", "box", "our_turn_since", "id"], name="enquiries_mine_turn"),
            models.Index(fields=["assignee", "box", "last_activity_at", "id"], name="enquiries_mine_activity"),
            models.Index(fields=["box", "language", "last_activity_at", "id"], name="enquiries_language"),
            models.Index(
                fields=["snoozed_until"], name="enquiries_snoozed", condition=models.Q(snoozed_until__isnull=False)
            ),
            models.Index(
                fields=["-first_answered_at"], name="enquiries_answered",
                condition=models.Q(first_answered_at__isnull=False),
            ),
            models.Index(fields=["box"], name="enquiries_unread_box", condition=models.Q(is_unread=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Where staff find it; visitors have the thanks page."""
        return reverse("admin:enquiries_enquiry_change", args=[self.pk])

    @property
    def first_words(self) -> str:
        """The beginning of the message on one line, for headings and lists."""
        words = " ".join(self.message.split())
        return words if len(words) <= 120 else f"{words[:119].rstrip()}…"

    @property
    def heading(self) -> str:
        """Nobody has to invent a subject: who wrote, from where, and the first words."""
        who = ", ".join(self.who)
        return f"{who}: {self.opening}" if self.opening else who

    @property
    def who(self) -> list[str]:
        """Name and country, as far as they are known."""
        country = self.contact.country.name if self.contact.country else ""
        return [part for part in (self.name, str(country)) if part]

    @property
    def opening(self) -> str:
        """The first words, at the length of a subject."""
        return self.first_words if len(self.first_words) <= 72 else f"{self.first_words[:71].rstrip()}…"

    @property
    def is_erased(self) -> bool:
        return self.name == NOBODY

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    @property
    def language_name(self) -> str:
        return str(settings.LANGUAGE_NAMES.get(self.language, self.language))

    @property
    def is_snoozed(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > timezone.now()

    @property
    def waiting_for_us(self) -> datetime | None:
        return self.our_turn_since if self.state in {State.NEW, State.OPEN} else None


class EnquiryLine(models.Model):
    """A product asked about; its code is kept even when the product is gone."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        "products.Product", models.SET_NULL, null=True, blank=True, related_name="enquiry_lines",
        verbose_name=_("product"),
    )  # fmt: skip
    code = models.CharField(_("model number"), max_length=40)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("product asked about")
        verbose_name_plural = _("products asked about")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.code}"

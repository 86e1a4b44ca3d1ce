import uuid
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haiheng.mail import ladder
from haiheng.prepared import Written


class State(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    CHAT = "chat", _("Chat")


class Problem(models.TextChoices):
    """What went wrong, in words for those who answer customers."""

    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    TOO_SLOW = "too-slow", _("The mail server did not answer in time.")
    BROKEN_OFF = "broken-off", _("The mail server closed the connection before it had confirmed the mail.")
    INSECURE = "insecure", _("No secure connection to the mail server was possible.")
    SIGN_IN = "sign-in", _("The mail server did not accept our user name or password.")
    SENDER = "sender", _("The mail server does not let us send from our address.")
    BUSY = "busy", _("The mail server asked us to try again later.")
    RECIPIENT = "recipient", _("The recipient's address does not exist or does not accept mail.")
    RELAY = "relay", _("The mail server refuses to pass mail on to this address.")
    CONTENT = "content", _("The mail server refused the mail because of its content or size.")
    ADDRESS = "address", _("The address is not a valid mail address.")
    ATTACHMENT = "attachment", _("An attached file could not be read.")
    CHAT_UNREACHABLE = "chat-unreachable", _("The chat could not be reached.")
    CHAT_REFUSED = "chat-refused", _("The chat did not take the message. Perhaps its address has changed.")
    CHAT_GONE = "chat-gone", _("This chat is no longer in the settings.")
    UNKNOWN = "unknown", _("The mail could not be sent because of an unexpected error.")


# Troubles of the line, not of the mail: once the server answers again, such mails go out at once.
LINE_PROBLEMS = (Problem.UNREACHABLE, Problem.INSECURE, Problem.SIGN_IN)


# For the indexes below, which hold only what is under way.
QUEUED, SENDING = Written(State.QUEUED.value), Written(State.SENDING.value)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> "OutgoingMailQuerySet":
        """Mails to send now: queued and due, or left behind by a worker that died."""
        return self.filter(
            Q(state=QUEUED, next_attempt_at__lte=now) | Q(state=SENDING, leased_until__lte=now)
        ).order_by("next_attempt_at", "pk")

    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(state__in=[QUEUED, SENDING])

    def by(self, channel: Channel) -> "OutgoingMailQuerySet":
        return self.filter(channel=channel)

    def failed(self) -> "OutgoingMailQuerySet":
        return self.filter(state=State.FAILED)

    def about(self, topic: str) -> "OutgoingMailQuerySet":
        """Mails of one subject, such as "enquiry:12", oldest first."""
        return self.filter(topic=topic).order_by("created_at", "pk")


def new_message_id() -> str:
    # Short enough for one line with its header's name: some programs do not unfold it.
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>"


class OutgoingMail(models.Model):
    """One mail, or one message to a chat, with its fate. Written by outbox.queue() and moved by the worker alone."""

    channel = models.CharField(_("by"), max_length=4, choices=Channel, default=Channel.MAIL)
    kind = models.CharField(_("kind"), max_length=60)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)

    from_address = models.CharField(pgettext_lazy("mail", "from"), max_length=400)
    to = models.JSONField(pgettext_lazy("mail", "to"), default=list)
    reply_to = models.JSONField(_("reply to"), default=list, blank=True)
    subject = models.CharField(_("subject"), max_length=400)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    headers = models.JSONField(_("further headers"), default=dict, blank=True)
    # [{"path": name in the storage, "name": as the reader sees it, "type": "application/pdf"}]
    attachments = models.JSONField(_("attachments"), default=list, blank=True)
    # Fixed with the row: a repeat after a broken connection is recognised as the same mail.
    message_id = models.CharField(_("message id"), max_length=200, unique=True, default=new_message_id)
    null_sender = models.BooleanField(
        _("empty return path"), default=False, help_text=_("Nobody is told when the mail cannot be delivered.")
    )

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True, default=timezone.now)
    leased_until = models.DateTimeField(_("taken by a worker until"), null=True, blank=True)
    leased_by = models.CharField(_("worker"), max_length=120, blank=True)
    problem = models.CharField(_("problem"), max_length=20, choices=Problem, blank=True)
    server_answer = models.TextField(_("answer of the mail server"), blank=True)
    accepted_by = models.JSONField(_("accepted for"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Since when the present round of attempts runs: from the start, or from the last "Send again".
    trying_since = models.DateTimeField(_("trying since"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted by the mail server"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at", "id"], name="mail_due", condition=Q(state="queued")),
            models.Index(fields=["leased_until"], name="mail_leased", condition=Q(state="sending")),
            models.Index(fields=["topic", "created_at"], name="mail_topic"),
            models.Index(fields=["state", "-id"], name="mail_state"),
            models.Index(fields=["accepted_at"], name="mail_accepted"),
            # The retry round after the server has come back, and the banner.
            models.Index(fields=["trying_since"], name="mail_waiting", condition=Q(state__in=["queued", "sending"])),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def last_error(self) -> str:
        """What went wrong last, in plain words, or ""."""
        return self.get_problem_display()

    @property
    def is_sent(self) -> bool:
        return self.state == State.SENT

    @property
    def is_failed(self) -> bool:
        return self.state == State.FAILED

    @property
    def can_be_sent_again(self) -> bool:
        """A mail in a worker's hands cannot: it would go out twice."""
        return self.state != State.SENDING

    def recipients_left(self) -> list[str]:
        return [address for address in self.to if address not in self.accepted_by]

    def send_again(self) -> bool:
        """Queue it anew with a full round of attempts; False if a worker has it in hand right now.

        A mail that was sent goes to everybody again, one that failed only to those who have not got it.
        """
        now = timezone.now()
        changed = (
            type(self)
            .objects.filter(pk=self.pk)
            .exclude(state=State.SENDING)
            .update(
                state=State.QUEUED,
                attempts=0,
                next_attempt_at=now,
                trying_since=now,
                leased_until=None,
                leased_by="",
                problem="",
                accepted_by=[] if self.is_sent else self.accepted_by,
                accepted_at=None,
            )
        )
        self.refresh_from_db()
        return bool(changed)

    # The four outcomes of an attempt. Each keeps the row untouched if the lease was lost meanwhile.

    def mark_sent(self, accepted_by: list[str]) -> bool:
        return self._settle(
            state=State.SENT,
            accepted_by=accepted_by,
            accepted_at=timezone.now(),
            next_attempt_at=None,
            problem="",
            server_answer="",
        )

    def mark_failed(self, problem: Problem, answer: str, accepted_by: list[str] | None = None) -> bool:
        return self._settle(
            state=State.FAILED,
            next_attempt_at=None,
            problem=problem,
            server_answer=answer,
            accepted_by=self.accepted_by if accepted_by is None else accepted_by,
        )

    def mark_for_retry(self, problem: Problem, answer: str, accepted_by: list[str] | None = None) -> bool:
        """Put it back for the next rung of the ladder; after the last one it has failed."""
        now = timezone.now()
        if ladder.is_exhausted(self.attempts, now - self.trying_since):
            return self.mark_failed(problem, answer, accepted_by)
        return self._settle(
            state=State.QUEUED,
            next_attempt_at=now + ladder.delay_after(self.attempts),
            problem=problem,
            server_answer=answer,
            accepted_by=self.accepted_by if accepted_by is None else accepted_by,
        )

    def mark_returned(self, recipient: str, answer: str, problem: Problem) -> bool:
        """A server further on could not deliver what ours had accepted; False if that is known or it was not sent."""
        accepted_by = [address for address in self.accepted_by if address.casefold() != recipient.casefold()]
        return bool(
            type(self)
            .objects.filter(pk=self.pk, state=State.SENT)
            .update(
                state=State.FAILED,
                problem=problem,
                server_answer=answer.replace("\0", "")[:2000],
                accepted_by=accepted_by if recipient else [],
                accepted_at=None,
            )
        )

    def lease_for(self) -> timedelta:
        """Longer than the hard limit of one attempt, so that nobody else takes a mail that is still on its way."""
        return timedelta(seconds=2 * self.seconds_allowed())

    def seconds_allowed(self) -> float:
        """Hard limit of one attempt: a minute, and more for large attachments on a slow line."""
        size = sum(int(attachment.get("size", 0)) for attachment in self.attachments)
        return settings.MAIL_DEADLINE_SECONDS + size * 1.4 / 50_000

    def _settle(self, **fields: object) -> bool:
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(
            type(self)
            .objects.filter(pk=self.pk, state=State.SENDING, leased_by=self.leased_by, leased_until=self.leased_until)
            .update(**fields, leased_until=None, leased_by="")
        )

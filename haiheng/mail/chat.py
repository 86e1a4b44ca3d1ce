"""Messages to chats (WeCom, DingTalk, Feishu, Slack …): rows of the outbox like mails, handed over by apprise."""

import logging
import re

from django.conf import settings

from haiheng.mail import outbox
from haiheng.mail.models import Channel, OutgoingMail, Problem

logger = logging.getLogger(__name__)

# However slowly a chat's server talks.
SECONDS = 20
# Parts of an address that may be keys.
_SECRET = re.compile(r"[^/:?&=@,#]{6,}")


def queue(*, kind: str, title: str, text: str, topic: str = "", language: str = "") -> list[OutgoingMail]:
    """Store one message for each chat of the settings, in the caller's transaction."""
    return [
        outbox.store(
            kind=kind, channel=Channel.CHAT, to=name, subject=title, text=text, topic=topic, language=language
        )
        for name in settings.NOTIFY_URLS
    ]


def deliver(message: OutgoingMail) -> None:
    """One attempt for a row that the caller has leased."""
    name = str(message.to[0])
    address = settings.NOTIFY_URLS.get(name)
    if address is None:
        message.mark_failed(Problem.CHAT_GONE, "")
        return
    try:
        taken, answer = _hand_over(address, message)
    except Exception as error:
        logger.exception("a message to a chat could not be put together", extra={"mail": message.pk})
        message.mark_failed(Problem.UNKNOWN, _without_keys(f"{type(error).__name__}: {error}", address))
        return
    if taken:
        message.mark_sent([name])
        return
    problem = Problem.CHAT_REFUSED if "error=" in answer else Problem.CHAT_UNREACHABLE
    logger.warning("a chat did not take a message", extra={"mail": message.pk, "problem": problem.value})
    message.mark_for_retry(problem, answer)


def _hand_over(address: str, message: OutgoingMail) -> tuple[bool, str]:
    # Takes a quarter of a second, which the web server need not spend.
    from apprise import Apprise

    chats = Apprise()
    chats.add(address)
    result = chats.notify(title=message.subject, body=message.text, body_format="text", timeout=SECONDS)
    said = " ".join(str(entry.message) for entry in result.logs() if entry.level in {"WARNING", "ERROR"})
    return bool(result), _without_keys(said, address)


def _without_keys(said: str, address: str) -> str:
    for part in _SECRET.findall(address.partition("://")[2]):
        said = said.replace(part, "…")
    return said[:500]

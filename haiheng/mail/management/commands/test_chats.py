from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, gettext

from haiheng.mail import chat, worker


class Command(BaseCommand):
    help = "Send a test message to every chat of NOTIFY_URLS right away and say what came of it."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.NOTIFY_URLS:
            raise CommandError("NOTIFY_URLS is not set.")
        troubles = []
        text = gettext("Messages from this website reach this chat.") + f"\n{settings.SITE_URL}"
        for message in chat.queue(
            kind="test", title=gettext("Test message"), text=text, language=get_language() or ""
        ):
            if worker.deliver_now(message):
                message.refresh_from_db()
            name = str(message.to[0])
            if message.is_sent:
                self.stdout.write(f"{name}: delivered.")
            else:
                troubles.append(f"{name}: {message.last_error or gettext('A worker has it in hand.')}")
                troubles.append(message.server_answer)
        if troubles:
            raise CommandError("\n".join(line for line in troubles if line))

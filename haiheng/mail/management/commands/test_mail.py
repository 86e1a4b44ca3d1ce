from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import get_language, gettext

from haiheng.mail import outbox, worker


class Command(BaseCommand):
    help = "Send a test mail to an address right away and say what the mail server answered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        address: str = options["address"]
        validate_email(address)
        mail = outbox.store(
            kind="test",
            to=address,
            subject=gettext("Test mail"),
            text=gettext("Mail from this website reaches you.") + f"\n\n{settings.SITE_URL}\n",
            language=get_language() or "",
        )
        if worker.deliver_now(mail):
            mail.refresh_from_db()
        if not mail.is_sent:
            lines = [str(mail.last_error) or gettext("A worker has it in hand."), mail.server_answer]
            raise CommandError("\n".join(line for line in lines if line))
        if settings.MAIL_TRANSPORT == "files":
            self.stdout.write(f"EMAIL_URL is not set: the mail is a file in {settings.DATA_DIR / 'mails'}.")
        else:
            self.stdout.write(f"The mail server accepted the mail to {address}.")

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from enquiries.mailin import server
from enquiries.models import Mailbox
from haiheng.environment import MailboxAddress


class Command(BaseCommand):
    help = "Open the mailbox of IMAP_URL, change nothing there, and say what it holds and how far it was read."

    def handle(self, *args: Any, **options: Any) -> None:
        address: MailboxAddress | None = settings.IMAP_URL
        if address is None:
            raise CommandError("IMAP_URL is not set: no mailbox is read.")
        try:
            with server.connected(address) as folder:
                count = folder.count()
        except Exception as error:
            raise CommandError(f"{address.name} cannot be read.\n{type(error).__name__}: {error}") from error
        self.stdout.write(f"{address.name} can be read and holds {count} mails.")
        box = Mailbox.objects.filter(name=address.name).first()
        if box is None or box.read_at is None:
            self.stdout.write("The worker has not read it yet. It takes what came within the last 7 days, and on.")
        else:
            self.stdout.write(f"The worker read it last at {timezone.localtime(box.read_at):%Y-%m-%d %H:%M}.")
        if not settings.REPLY_ADDRESS:
            self.stdout.write("REPLY_ADDRESS is not set: answers are recognised only by the mails they refer to.")
        if not settings.MAIL_VOUCHER:
            self.stdout.write("MAIL_VOUCHER is not set: answers from colleagues' own mail programs wait to be sorted.")

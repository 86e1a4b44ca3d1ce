"""Tells those who look after an enquiry that our answer has not reached the buyer.

Machines cannot keep this going: the mail has no return path, and only so many leave within a day.
"""

from datetime import timedelta

from django.utils import timezone

from enquiries import recipients
from enquiries.models import Enquiry
from haiheng.addresses import absolute
from haiheng.mail import outbox
from haiheng.mail.models import OutgoingMail

MOST_A_DAY = 10


def mail_came_back(enquiry: Enquiry, report: object) -> None:
    topic = f"enquiry:{enquiry.pk}"
    lately = OutgoingMail.objects.about(topic).filter(
        kind="enquiry_bounced", created_at__gt=timezone.now() - timedelta(days=1)
    )
    if lately[:MOST_A_DAY].count() >= MOST_A_DAY:
        return
    for recipient in recipients.of_message(enquiry):
        outbox.queue(
            "enquiry_bounced",
            to=recipient.addresses,
            context={"report": report, "enquiry": enquiry, "url": absolute(enquiry.get_absolute_url())},
            language=recipient.language,
            topic=topic,
            null_sender=True,
        )

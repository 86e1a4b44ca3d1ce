"""Mails as mail programs write them."""

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from enquiries import mailthread
from enquiries.models import Enquiry

_count = 0


def letter(text: str = "Thank you. And for five?", *, enquiry: Enquiry | None = None, **headers: Any) -> EmailMessage:
    """A plain mail of Amina's; with an enquiry, to the address in which its token stands."""
    global _count
    _count += 1
    message = EmailMessage()
    values = {
        "From": "Amina Otieno <amina@example.com>",
        "To": mailthread.answer_address(enquiry) if enquiry else "answers@haiheng.example",
        "Subject": "Re: Your enquiry",
        "Message-ID": f"<{_count}.amina@example.com>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in values.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    return message


def raw(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=SMTP)


def bounce(
    about: str, *, recipient: str = "amina@example.com", action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """What a mail server sends back (RFC 3464) about the mail with this Message-ID."""
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: chhgc@chhgc.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <{action}-{recipient}-{abs(hash(about))}@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

The mail could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user here

--B
Content-Type: message/rfc822

From: China Haiheng <chhgc@chhgc.com>
To: {recipient}
Message-ID: {about}
Subject: Re: Your enquiry

The price is 24,000.

--B--
""".replace("\n", "\r\n").encode()

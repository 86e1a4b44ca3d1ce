"""The link "I answered elsewhere" in a notification: signed, so that it works on a phone that is not signed in."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils import translation

from enquiries.models import Enquiry, Message, State
from haiheng.accounts.models import User
from haiheng.addresses import absolute

VALID_FOR = timedelta(days=30)
CHANNELS = (
    Message.Channel.PHONE,
    Message.Channel.WHATSAPP,
    Message.Channel.WECHAT,
    Message.Channel.MAIL,
    Message.Channel.OTHER,
)
_SALT = "enquiries.elsewhere"


@dataclass(frozen=True)
class Permit:
    """What a link allows: to log an answer in one enquiry, in the name of whoever got the mail."""

    enquiry: Enquiry
    # None where the mail went to an address that several read.
    user: User | None


def link(enquiry: Enquiry, user: User | None, language: str) -> str:
    token = signing.dumps([enquiry.pk, user.pk if user else 0], salt=_SALT)
    with translation.override(language):
        # Behind the question mark: logs hold addresses without their query.
        return absolute(f"{reverse('enquiries:elsewhere')}?key={token}")


def permit(token: str) -> Permit | None:
    """What the link still allows; None when it is made up, too old, or its reader no longer works here."""
    try:
        enquiry_pk, user_pk = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    enquiry = Enquiry.objects.select_related("merged_into").filter(pk=enquiry_pk).first()
    user = User.objects.filter(pk=user_pk).first() if user_pk else None
    if enquiry is None or (user_pk and (user is None or not user.may_work)):
        return None
    while enquiry.merged_into is not None:
        enquiry = enquiry.merged_into
    return None if enquiry.state == State.SPAM else Permit(enquiry, user)

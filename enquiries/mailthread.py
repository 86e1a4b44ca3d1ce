"""How mails of one enquiry find together: headers, and an address that carries the enquiry's token."""

import base64
import hashlib
import hmac
import re

from django.conf import settings

from enquiries.models import Enquiry, Message

_LABEL = re.compile(r"\bhh([0-9a-z]{1,13})-([a-z2-7]{16})\b", re.IGNORECASE)
# References grow with every mail; programs cut long ones off somewhere.
_MOST_REFERENCES = 20


def token(enquiry_pk: int) -> str:
    """Letters and digits only and without regard to case, as local parts of addresses are treated on their way."""
    return f"hh{_base36(enquiry_pk)}-{_seal(enquiry_pk)}"


def enquiry_of(address: str) -> int | None:
    """The enquiry whose token stands in an address, if nobody made it up."""
    found = _LABEL.search(address)
    if not found:
        return None
    pk = int(found[1], 36)
    return pk if hmac.compare_digest(_seal(pk), found[2].lower()) else None


def enquiries_of(addresses: str) -> list[int]:
    """Every enquiry whose token stands in a text of addresses, in order."""
    found = (enquiry_of(label[0]) for label in _LABEL.finditer(addresses))
    return list(dict.fromkeys(pk for pk in found if pk is not None))


def answer_address(enquiry: Enquiry) -> str:
    """Where answers by mail go, such as answers+hh1z-…@example.com; "" while no mailbox is read."""
    mailbox: str = settings.REPLY_ADDRESS
    local, _at, host = mailbox.rpartition("@")
    return f"{local}+{token(enquiry.pk)}@{host}" if local else ""


def threading_headers(enquiry: Enquiry) -> dict[str, str]:
    """In-Reply-To and References to what was said before by mail, either way."""
    said = enquiry.messages.exclude(message_id="").exclude(kind=Message.Kind.EVENT)
    ids = list(said.order_by("created_at", "pk").values_list("message_id", flat=True))
    if not ids:
        return {}
    kept = ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]]
    return {"In-Reply-To": ids[-1], "References": " ".join(kept)}


def _seal(pk: int) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"enquiry answer {pk}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"

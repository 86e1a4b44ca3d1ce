"""Which enquiry a mail belongs to: by the token in our address, then by the mails it answers. Never by its subject."""

from dataclasses import dataclass

from enquiries import mailthread
from enquiries.mailin.reading import Letter
from enquiries.models import Contact, Enquiry, Message
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail


@dataclass(frozen=True)
class Match:
    """`fits`: this sender has a place in the enquiry. A colleague fits nowhere by himself: `staff` says who it is."""

    enquiry: Enquiry | None = None
    fits: bool = False
    staff: User | None = None


def match(letter: Letter) -> Match:
    address = letter.sender[1]
    staff = colleague(address)
    named = candidates(letter)
    for enquiry in named:
        if is_known_in(enquiry, address):
            return Match(enquiry, fits=True, staff=staff)
    return Match(named[0] if named else None, staff=staff)


def candidates(letter: Letter) -> list[Enquiry]:
    """The enquiries a mail names, in order of evidence; merged ones are where they were merged into."""
    pks = list(dict.fromkeys([*mailthread.enquiries_of(letter.recipient_text), *_answered(letter.references)]))
    found = Enquiry.objects.select_related("merged_into", "contact").in_bulk(pks)
    rows = [found[pk] for pk in pks if pk in found]
    return list(dict.fromkeys(row.merged_into or row for row in rows))


def _answered(ids: list[str]) -> list[int]:
    """The enquiries in which these mails were written or received."""
    if not ids:
        return []
    said = Message.objects.filter(message_id__in=ids).exclude(kind=Message.Kind.EVENT)
    where = dict(said.values_list("message_id", "enquiry_id"))
    mails = OutgoingMail.objects.filter(message_id__in=ids, topic__startswith="enquiry:")
    for message_id, topic in mails.values_list("message_id", "topic"):
        number = topic.partition(":")[2]
        if number.isdecimal():
            where.setdefault(message_id, int(number))
    return [where[each] for each in ids if each in where]


def is_known_in(enquiry: Enquiry, address: str) -> bool:
    """Whether this address asked, is the contact's, was answered by us, or was accepted here before."""
    key = Contact.email_key_of(address)
    if not key:
        return False
    if key in {Contact.email_key_of(enquiry.email), enquiry.contact.email_key}:
        return True
    pks = [enquiry.pk, *enquiry.merged_enquiries.values_list("pk", flat=True)]
    asked = Enquiry.objects.filter(pk__in=pks).values_list("email", "contact__email")
    said = Message.objects.filter(enquiry__in=pks, channel=Message.Channel.MAIL).values_list("data", flat=True)
    known = {each for pair in asked for each in pair}
    for data in said:
        known.add(str(data.get("from", "")))
        known.update(str(each) for each in data.get("to", []))
    return key in {Contact.email_key_of(each) for each in known if each}


def colleague(address: str) -> User | None:
    """The member of staff with this address."""
    if not address:
        return None
    people = User.objects.filter(email__iexact=address, is_active=True, is_staff=True)
    return people.order_by("pk").first()

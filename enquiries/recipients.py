"""Who hears of what happens to enquiries: the shared addresses of the settings, and staff as each has chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from enquiries.models import Enquiry
from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile

Notify = User.Notify


@dataclass(frozen=True)
class Recipient:
    """One mail's worth: the addresses of its To line, and the person where it is one."""

    addresses: tuple[str, ...]
    language: str
    user: User | None = None

    @classmethod
    def person(cls, user: User) -> "Recipient":
        return cls((user.email,), user.language or settings.LANGUAGE_CODE, user)


def shared() -> list[Recipient]:
    """The addresses of the settings, else the company's own; they hear whatever staff have chosen."""
    profile = CompanyProfile.load()
    addresses = settings.ENQUIRY_RECIPIENTS or ([profile.email] if profile.email else [])
    return [Recipient(tuple(addresses), settings.LANGUAGE_CODE)] if addresses else []


def staff(*choices: Notify) -> list[User]:
    """Those who have chosen one of these, have an address, and may see enquiries."""
    may = User.objects.with_perm("enquiries.view_enquiry")
    return list(may.filter(is_staff=True, notify__in=choices).exclude(email="").order_by("pk"))


def of_new(enquiry: Enquiry) -> list[Recipient]:
    """Whom a new enquiry is announced to."""
    return _without_repeats([*shared(), *_interested(enquiry)])


def of_message(enquiry: Enquiry) -> list[Recipient]:
    """Whom another message of the buyer is announced to; the shared addresses only while nobody looks after it."""
    people = _interested(enquiry)
    looked_after = any(person.user and person.user.pk == enquiry.assignee_id for person in people)
    return _without_repeats(people if looked_after else [*shared(), *people])


def _interested(enquiry: Enquiry) -> list[Recipient]:
    return [Recipient.person(user) for user in staff(Notify.ALL, Notify.MINE) if hears_of(user, enquiry)]


def hears_of(user: User, enquiry: Enquiry) -> bool:
    """Whether somebody who gets mails gets them about this enquiry."""
    if enquiry.assignee_id == user.pk:
        return True
    if user.notify != Notify.ALL:
        return False
    return enquiry.assignee_id is None or Enquiry.objects.everything_visible_to(user)


def _without_repeats(found: Iterable[Recipient]) -> list[Recipient]:
    """Nobody gets the same mail twice because an address stands in the settings, too."""
    seen: set[str] = set()
    kept = []
    for recipient in found:
        addresses = tuple(each for each in recipient.addresses if each.lower() not in seen)
        seen |= {each.lower() for each in addresses}
        if addresses:
            kept.append(Recipient(addresses, recipient.language, recipient.user))
    return kept

"""Words and numbers of the inbox."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from enquiries import listing, spam
from enquiries.clock import Office, in_words
from enquiries.mailin import folding, html
from enquiries.models import Enquiry

register = template.Library()


@register.filter
def our_turn(enquiry: Enquiry, office: Office) -> str:
    """Since when the buyer waits for us, in working time; "" where it is not our turn."""
    since = enquiry.waiting_for_us
    return office.age(since) if since else ""


@register.filter
def worked(span: timedelta, office: Office) -> str:
    """A length of working time in words."""
    return in_words(span, office.hours_a_day())


@register.filter
def clock(moment: datetime) -> SafeString:
    """Weekday and time in the moment's own zone; a script keeps it going."""
    zone = getattr(moment.tzinfo, "key", "")
    shown = date_format(moment, "D H:i")
    return format_html('<time datetime="{}" data-clock="{}">{}</time>', moment.isoformat(), zone, shown)


@register.filter
def moment(when: datetime, now: datetime) -> str:
    """Date and time; of today the time alone, and that it is today."""
    local = timezone.localtime(when)
    if local.date() == timezone.localtime(now).date():
        return _("Today, %(time)s") % {"time": date_format(local, "H:i")}
    return date_format(local, "Y-m-d H:i")


@register.filter
def ago(moment: datetime, now: datetime) -> str:
    return in_words(max(now - moment, timedelta()))


@register.filter
def capped(number: int) -> str:
    """A count as shown; one that stopped at its limit says so."""
    return f"{listing.COUNT_LIMIT:,}+".replace(",", "\u2009") if number > listing.COUNT_LIMIT else str(number)


@register.filter
def pieces(text: str) -> list[folding.Piece]:
    """A mail's text, cut into own words, quotes and signature."""
    return folding.pieces(text) if text.strip() else []


@register.filter
def clean_mail(source: str) -> SafeString:
    """Once more on the way out: whatever stands in the database does nothing on the page."""
    return mark_safe(html.clean(source))  # noqa: S308


@register.filter
def mail_trace(code: str) -> str:
    """What was left out of a mail, in words."""
    return {
        "mail_cut": _("The mail is larger than the limit: only its beginning was taken. The rest is in the mailbox."),
        "text_cut": _("The text is very long: its end stands only in the original mail."),
        "html_dropped": _("The formatted version is too large to be shown."),
        "files_left_out": _("There are more files than the limit: the others stand only in the original mail."),
        "parts_left_out": _("The mail has very many parts: some stand only in the original mail."),
        "too_deep": _("The mail has parts within parts beyond the limit: some stand only in the original mail."),
    }.get(code, code)


@register.filter
def spam_reason(code: str) -> str:
    """Why a message looked like spam, in words."""
    code, *telling = code.split(":")
    if code == spam.LEARNED:
        if not telling:
            return _("resembles messages that were marked as spam")
        return _("resembles messages that were marked as spam: %(words)s") % {"words": ", ".join(telling)}
    return {
        spam.HONEYPOT: _("filled in a field that people do not see"),
        spam.TOO_FAST: _("was written faster than a person can"),
        spam.LINKS: _("holds many links"),
        spam.DUPLICATE: _("is word for word one that was held back before"),
        spam.MANY: _("is one of many from one sender within an hour"),
    }.get(code, code)

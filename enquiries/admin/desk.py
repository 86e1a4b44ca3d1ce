"""What the page of one enquiry shows, whole or as the preview beside the list."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from enquiries import buyertime, elsewhere, handling, phones, replyfiles, replying, responses, timeline, trails
from enquiries.admin.forms import CountryForm, colleagues
from enquiries.clock import Office
from enquiries.models import Box, Draft, Enquiry, Outcome, Presence, SavedReply
from haiheng.accounts.models import User
from haiheng.accounts.people import staff_of

EARLIER = 10
TABS = ("reply", "whatsapp", "note", "elsewhere")


def fetch(pk: int, user: User) -> Enquiry | None:
    found = Enquiry.objects.visible_to(user).select_related("contact", "assignee", "merged_into")
    return found.prefetch_related("lines__product").filter(pk=pk).first()


def context_of(request: HttpRequest, enquiry: Enquiry, *, may_change: bool) -> dict[str, Any]:
    """Everything about the enquiry. Reading it marks it as read, after its unread messages were noted."""
    office, now = Office.load(), timezone.now()
    parts = list(enquiry.merged_enquiries.order_by("pk"))
    entries = timeline.entries(enquiry, parts)
    if may_change:
        handling.mark_read(enquiry)
    earlier = (
        Enquiry.objects.visible_to(staff_of(request))
        .filter(contact=enquiry.contact_id)
        .exclude(pk=enquiry.pk)
        .exclude(box=Box.MERGED)
    )
    return {
        "enquiry": enquiry,
        "contact": enquiry.contact,
        "parts": parts,
        "entries": entries,
        "earlier": list(earlier.order_by("-received_at")[:EARLIER]),
        "others": others(request, enquiry),
        "latest": latest(enquiry),
        "may_change": may_change,
        "office": office,
        "now": now,
        "first_response": responses.first_response(enquiry, office),
        "buyer_time": buyertime.of(enquiry, now),
        "trail": trails.shown(enquiry),
        "whatsapp": phones.whatsapp_digits(enquiry.phone or enquiry.contact.phone),
        "tel": phones.key_of(enquiry.phone or enquiry.contact.phone),
        **(box_of(request, enquiry) if may_change and not enquiry.is_merged else {}),
    }


def box_of(request: HttpRequest, enquiry: Enquiry) -> dict[str, Any]:
    """What the box for answers needs: the draft, saved replies filled in, documents, colleagues."""
    draft = Draft.objects.filter(enquiry=enquiry, author=staff_of(request).pk).first()
    saved: list[dict[str, Any]] = [
        {"reply": saved, "text": replying.fill_in(saved.body, enquiry, staff_of(request))}
        for saved in SavedReply.objects.offered(enquiry.language)[:100]
    ]
    chosen = request.GET.get("saved", "")
    text = next((row["text"] for row in saved if str(row["reply"].pk) == chosen), "")
    wanted = request.GET.get("tab", "")
    tab = wanted if wanted in TABS else TABS[0]
    return {
        "tab": tab,
        "draft": draft,
        "draft_text": (text if tab == "reply" else "") or (draft.body if draft else ""),
        "draft_files": list(draft.files.all()) if draft else [],
        "note_text": draft.note if draft else "",
        "whatsapp_text": text if tab == "whatsapp" else "",
        "once": secrets.token_hex(8),
        "quote_wanted": True,
        "chosen_documents": set(),
        "files_accepted": replyfiles.ACCEPTED,
        "files_limit": settings.REPLY_FILES_MAX_MB,
        "files_most": replyfiles.MOST_FILES,
        "saved_replies": saved,
        "offered_documents": replying.documents_for(enquiry),
        "reply_to": replying.suggested_address(enquiry),
        "reply_subject": replying.subject(enquiry),
        "quotation": replying.quotation(enquiry),
        "colleagues": list(colleagues()),
        "outcomes": Outcome.choices,
        "channels": [(channel.value, channel.label) for channel in elsewhere.CHANNELS],
        "country_form": CountryForm(initial={"country": enquiry.contact.country}),
        "has_box": True,
    }


def be_present(request: HttpRequest, enquiry: Enquiry, *, writing: bool) -> None:
    values = {"seen_at": timezone.now(), "is_writing": writing}
    Presence.objects.update_or_create(enquiry=enquiry, user_id=staff_of(request).pk, defaults=values)


def latest(enquiry: Enquiry) -> int:
    """The number of what was written last; a page that knows a lower one is out of date."""
    return enquiry.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def others(request: HttpRequest, enquiry: Enquiry) -> list[Presence]:
    """Who else has it open."""
    return list(Presence.objects.now().filter(enquiry=enquiry).exclude(user=staff_of(request).pk))


def neighbours(user: User, enquiry: Enquiry) -> tuple[int | None, int | None]:
    """Who waits a little longer and a little less for us, as the inbox has it; elsewhere whoever is first."""
    waiting = Enquiry.objects.visible_to(user).our_turn()
    since = enquiry.our_turn_since if enquiry.box == Box.INBOX else None
    if since is None:
        return None, waiting.values_list("pk", flat=True).first()
    before = waiting.filter(our_turn_since__lt=since).order_by("-our_turn_since", "-pk")
    after = waiting.filter(our_turn_since__gt=since)
    return before.values_list("pk", flat=True).first(), after.values_list("pk", flat=True).first()


def keep_answer(request: HttpRequest, enquiry: Enquiry) -> Draft:
    """What was typed as an answer is a draft before anything else happens to it; a note beside it stays."""
    text = request.POST.get("body", "")[:100_000].replace("\x00", "\ufffd")
    draft, _created = Draft.objects.update_or_create(
        enquiry=enquiry, author_id=staff_of(request).pk, defaults={"body": text}
    )
    return draft


def save_draft(request: HttpRequest, enquiry: Enquiry) -> Draft:
    values = {"body": request.POST.get("body", "")[:100_000], "note": request.POST.get("note", "")[:20_000]}
    clean = {name: text.replace("\x00", "\ufffd") for name, text in values.items()}
    draft, _created = Draft.objects.update_or_create(enquiry=enquiry, author_id=staff_of(request).pk, defaults=clean)
    return draft

"""What staff are told of an item: where it stands, and what a button did."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from haiheng.publishing.forms import moment_words
from haiheng.publishing.models import Publishable, State, WorkingCopy

__all__ = ["kept_aside", "moment_words", "saved", "when"]


def when(obj: Publishable, copy: WorkingCopy | None) -> list[str]:
    """The moments of an item in words, with the company's zone."""
    found = []
    if obj.state == State.SCHEDULED and obj.published_at:
        found.append(_("Goes live %(moment)s") % {"moment": moment_words(obj.published_at)})
    elif obj.state == State.PUBLISHED and obj.published_at:
        found.append(_("Published %(moment)s") % {"moment": moment_words(obj.published_at)})
    if obj.expires_at and obj.state != State.DRAFT:
        text = _("Expired %(moment)s") if obj.state == State.EXPIRED else _("Expires %(moment)s")
        found.append(text % {"moment": moment_words(obj.expires_at)})
    if copy is not None and copy.publish_at:
        found.append(_("The changes go live %(moment)s") % {"moment": moment_words(copy.publish_at)})
    return found


def kept_aside(request: HttpRequest, at: datetime | None) -> None:
    if at is not None:
        text = _("The changes are saved and go live %(moment)s. Until then the public page stays as it is.")
        messages.success(request, text % {"moment": moment_words(at)})
    else:
        messages.success(request, _("Saved as unpublished changes. The public page stays as it is."))


def saved(request: HttpRequest, obj: Any, verb: str, language: str, address: str) -> None:
    """After a save: the state of the item, and the way to its public page."""
    state = obj.state
    if state == State.PUBLISHED and address:
        way = format_html('{} <a href="{}">{}</a>', _("It is published."), address, _("View on site"))
        messages.success(request, way)
    elif state == State.SCHEDULED:
        text = _("It goes live by itself %(moment)s.") % {"moment": moment_words(obj.published_at)}
        messages.success(request, text)
    elif state == State.EXPIRED:
        messages.success(request, _("It has expired. The public no longer sees it."))
    elif state == State.DRAFT:
        text = _("It is a draft again. The public no longer sees it.") if verb == "withdraw" else ""
        messages.success(request, text or _("Saved as a draft. The public does not see it."))
    else:
        messages.success(request, _("Saved."))
    if state in {State.PUBLISHED, State.SCHEDULED} and language not in obj.ready_languages():
        text = _("This language is not marked “ready”: the public does not see it.")
        messages.warning(request, text)

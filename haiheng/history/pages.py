"""The history page of one object: its versions as sentences, two of them compared, one brought back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from haiheng.history import applying, snapshots
from haiheng.history.differences import Comparison
from haiheng.history.models import Event, Version
from haiheng.history.recording import recording
from haiheng.typed import whole_number

PAGE = 20


def context_of(model_admin: Any, request: HttpRequest, obj: Any) -> dict[str, Any]:
    opts = model_admin.opts
    versions = Version.objects.of(type(obj), obj.pk).newest_first().select_related("user")
    before = _number(request, "before")
    shown = list((versions.filter(pk__lt=before) if before else versions)[: PAGE + 1])
    newest = versions.defer("packed").first()
    return {
        "title": _("History: %s") % obj,
        "subtitle": None,
        "module_name": str(capfirst(opts.verbose_name_plural)),
        "object": obj,
        "opts": opts,
        "media": model_admin.media,
        "entries": _entries(type(obj), shown)[:PAGE],
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "later": before is not None,
        "newest": newest,
        "compared": _compared(obj, versions, _number(request, "from"), _number(request, "to")),
        "may_restore": model_admin.has_restore_permission(request, obj),
    }


def _number(request: HttpRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, ""))


def _entries(model: Any, versions: list[Version]) -> list[dict[str, Any]]:
    contents = [version.content for version in versions]
    comparison = Comparison(model, tuple(contents))
    entries = []
    for at, version in enumerate(versions):
        changes = comparison.changes(contents[at + 1], contents[at]) if at + 1 < len(versions) else []
        entries.append({"version": version, "changes": changes})
    return entries


def _compared(obj: Any, versions: Any, first: int | None, second: int | None) -> dict[str, Any] | None:
    """Two versions side by side, the older one first, in whichever order they were chosen."""
    if first is None or second is None:
        return None
    chosen = sorted(versions.filter(pk__in=[first, second]), key=lambda version: version.pk)
    if len(chosen) != 2:
        return {"changes": [], "missing": first != second}
    contents = [version.content for version in chosen]
    changes = Comparison(type(obj), tuple(contents)).changes(*contents)
    return {"older": chosen[0], "newer": chosen[1], "changes": changes}


def restore(request: HttpRequest, obj: Any, version: Version) -> list[str]:
    """Bring a version back; what could not be, in words."""
    moment = f"{timezone.localtime(version.at):%Y-%m-%d %H:%M}"
    model, keep = type(obj), frozenset(getattr(obj, "history_state", ()))
    before = snapshots.take(model, obj.pk)
    with recording(request.user, event=Event.RESTORED, note=moment):
        problems = applying.apply(model, obj.pk, version.content, keep=keep)
    after = snapshots.take(model, obj.pk)
    if before and after and snapshots.same(before, after):
        messages.info(request, _("Nothing to bring back: it is as in that version."))
    else:
        messages.success(request, _("The version of %(moment)s is back.") % {"moment": moment})
    return problems

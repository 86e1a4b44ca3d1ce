"""“Undo” in the message after a deletion and after what was done to several at once."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haiheng.history import applying
from haiheng.history.models import Event, Version
from haiheng.history.recording import recording

_KEY = "history_deeds"
# Deeds of one session that can be undone, and objects of one deed.
_DEEDS, MOST = 5, 500


def offer(model_admin: Any, request: HttpRequest, versions: Iterable[Version]) -> None:
    """Put a button behind the last success message, if what happened can be undone."""
    numbers = [version.pk for version in versions if version.event != Event.CREATED][:MOST]
    waiting = list(messages.get_messages(request))
    last = max((at for at, each in enumerate(waiting) if each.level == messages.SUCCESS), default=None)
    deed = get_random_string(12) if numbers and last is not None else ""
    if deed:
        deeds = dict(request.session.get(_KEY, {}))
        deeds[deed] = {"model": model_admin.opts.label_lower, "versions": numbers}
        request.session[_KEY] = dict(list(deeds.items())[-_DEEDS:])
    for at, each in enumerate(waiting):
        text = _with_button(model_admin, request, each.message, deed) if deed and at == last else each.message
        messages.add_message(request, each.level, text, extra_tags=each.extra_tags or "")


def _with_button(model_admin: Any, request: HttpRequest, text: Any, deed: str) -> Any:
    opts = model_admin.opts
    return format_html(
        '{} <form class="history-undo" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><input type="hidden" name="deed" value="{}"><input type="hidden" name="next" value="{}">'
        '<button type="submit">{}</button></form>',
        text,
        reverse(f"admin:{opts.app_label}_{opts.model_name}_undo"),
        get_token(request),
        deed,
        request.GET.urlencode(),
        _("Undo"),
    )


def undo(model_admin: Any, request: HttpRequest, deed: str) -> None:
    deeds = dict(request.session.get(_KEY, {}))
    found = deeds.pop(deed, None)
    if found is None or found["model"] != model_admin.opts.label_lower:
        messages.info(request, _("There is nothing left to undo."))
        return
    request.session[_KEY] = deeds
    done, left = 0, 0
    for version in Version.objects.filter(pk__in=found["versions"], model=found["model"]).defer("packed"):
        if _undo_one(model_admin, request, version):
            done += 1
        else:
            left += 1
    if done:
        messages.success(request, ngettext("Undone for %d item.", "Undone for %d items.", done) % done)
    if left:
        text = ngettext(
            "%d item was changed since and stays as it is.", "%d items were changed since and stay as they are.", left
        )
        messages.warning(request, text % left)


def _undo_one(model_admin: Any, request: HttpRequest, version: Version) -> bool:
    versions = Version.objects.of(model_admin.model, version.object_id).newest_first()
    newest, before = versions.defer("packed").first(), versions.filter(pk__lt=version.pk).first()
    obj = model_admin.get_object(request, str(version.object_id))
    if newest != version or before is None or obj is None or not model_admin.has_restore_permission(request, obj):
        return False
    with recording(request.user, event=Event.UNDONE):
        for problem in applying.apply(model_admin.model, version.object_id, before.content):
            messages.warning(request, problem)
    return True


def way_back(model_admin: Any, request: HttpRequest) -> str:
    """The list with the filters that it had."""
    opts = model_admin.opts
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    wanted = request.POST.get("next", "")
    return f"{address}?{wanted}" if wanted.isascii() and wanted.isprintable() and wanted else address

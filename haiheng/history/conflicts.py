"""A form that was opened before somebody else saved: nothing of either is lost.

What was typed is saved onto the version that the form showed, read back and rolled back; so every widget, row and
validation counts as usual. That, the version shown and the object as it is now are then put together.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from haiheng.history import applying, merging, snapshots
from haiheng.history.differences import Comparison
from haiheng.history.models import Event, Version
from haiheng.history.presence import VERSION_FIELD
from haiheng.history.recording import recording

# The version that was newest when the choices were offered, and the beginning of each choice's name.
SEEN, CHOICE = "history_seen", "choice:"


class _RollBackError(Exception):
    pass


def settle(
    model_admin: Any, request: HttpRequest, object_id: str, usual: Callable[[], HttpResponse]
) -> HttpResponse | None:
    """The answer to a save of an outdated form; None if it is not outdated and can be saved as usual."""
    token, model = request.POST.get(VERSION_FIELD, ""), model_admin.model
    if not token.isdecimal() or len(token) > 18 or not object_id.isdecimal() or len(object_id) > 18:
        return None
    obj = model_admin.get_object(request, object_id)
    if obj is None or not model_admin.has_change_permission(request, obj):
        return None
    # The second of two saves at once waits here and sees what the first one wrote.
    model._base_manager.select_for_update().filter(pk=obj.pk).values_list("pk").first()
    versions = Version.objects.of(model, obj.pk)
    newest = versions.newest_first().first()
    if newest is None or newest.pk == int(token):
        return None
    base, theirs = _shown(versions, int(token)), snapshots.take(model, obj.pk)
    if theirs is None or (base is not None and snapshots.same(base, theirs)):
        return None
    theirs["names"] = newest.content["names"]
    mine = _typed(model_admin, request, obj.pk, base, usual)
    if isinstance(mine, HttpResponse):
        return mine
    choices = {
        name.removeprefix(CHOICE): str(value) for name, value in request.POST.items() if name.startswith(CHOICE)
    }
    merge = merging.merge(base, theirs, mine, choices if request.POST.get(SEEN) == str(newest.pk) else {})
    if merge.conflicts:
        return _ask(model_admin, request, obj, newest, merge, (theirs, mine))
    return _save(model_admin, request, obj.pk, newest, merge)


def _shown(versions: Any, token: int) -> snapshots.Content | None:
    """What the form showed; a form without a number is older than the object's first version."""
    found = versions.filter(pk=token) if token else versions.filter(event=Event.FOUND).order_by("pk")
    version = found.first()
    return version.content if version else None


def _typed(
    model_admin: Any, request: HttpRequest, pk: Any, base: snapshots.Content | None,
    usual: Callable[[], HttpResponse],
) -> snapshots.Content | HttpResponse:  # fmt: skip
    """What the form says, as content; or the form again with its errors."""
    result: Any = None
    try:
        with transaction.atomic():
            if base is not None:
                applying.apply(model_admin.model, pk, base)
            result = _saved(model_admin, request, pk)
            if result is None:
                result = usual()
                if isinstance(result, TemplateResponse):
                    result.render()
            raise _RollBackError
    except _RollBackError:
        return result


def _saved(model_admin: Any, request: HttpRequest, pk: Any) -> snapshots.Content | None:
    """Save the form as Django's admin does; None if it has errors."""
    obj = model_admin.get_object(request, str(pk))
    fields = flatten_fieldsets(model_admin.get_fieldsets(request, obj))
    form = model_admin.get_form(request, obj, change=True, fields=fields)(request.POST, request.FILES, instance=obj)
    formsets, _inlines = model_admin._create_formsets(request, form.instance, change=True)
    if not form.is_valid():
        return None
    changed = model_admin.save_form(request, form, change=True)
    if not all_valid(formsets):
        return None
    model_admin.save_model(request, changed, form, change=True)
    model_admin.save_related(request, form, formsets, change=True)
    return snapshots.take(model_admin.model, pk)


def _save(model_admin: Any, request: HttpRequest, pk: Any, newest: Version, merge: merging.Merge) -> HttpResponse:
    event = Event.MERGED if merge.took_theirs else Event.CHANGED
    with recording(request.user, event=event, note=newest.user_name if merge.took_theirs else ""):
        for problem in applying.apply(model_admin.model, pk, merge.content):
            messages.warning(request, problem)
        obj = model_admin.get_object(request, str(pk))
        model_admin.log_change(request, obj, str(event.label))
        if merge.took_theirs:
            if newest.user_name and newest.user_id != request.user.pk:
                text = _("What %(name)s changed meanwhile was kept, too.") % {"name": newest.user_name}
            else:
                text = _("What was changed meanwhile was kept, too.")
            messages.info(request, text)
        response: HttpResponse = model_admin.response_change(request, obj)
        return response


def _ask(
    model_admin: Any, request: HttpRequest, obj: Any, newest: Version, merge: merging.Merge, contents: Any
) -> HttpResponse:
    by_me = newest.user_id == request.user.pk
    saved = _("Saved by %(name)s") % {"name": newest.user_name} if newest.user_name and not by_me else _("Saved")
    questions = _questions(Comparison(model_admin.model, contents), merge, saved)
    asked = {question["name"] for question in questions}
    own = {"csrfmiddlewaretoken", SEEN}
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in own and name not in asked
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Both of you changed this"),
        "subtitle": str(obj),
        "module_name": model_admin.opts.verbose_name_plural,
        "opts": model_admin.opts,
        "object": obj,
        "media": model_admin.media,
        "questions": questions,
        "typed": typed,
        "newest": newest,
        "seen": SEEN,
        "by_me": by_me,
    }
    return TemplateResponse(request, "admin/history/conflict.html", context)


def _questions(comparison: Comparison, merge: merging.Merge, saved: str) -> list[dict[str, Any]]:
    """One for each conflict, with both sides of it; `saved` is what the stored side is called."""
    return [
        {
            "name": CHOICE + conflict.key,
            "label": comparison.change(conflict.path, conflict.base, conflict.mine).label,
            "sides": [
                {"value": value, "label": label, "change": comparison.change(conflict.path, conflict.base, version)}
                for value, label, version in (
                    ("theirs", saved, conflict.theirs),
                    ("mine", _("What you typed here"), conflict.mine),
                )
            ],
        }
        for conflict in merge.conflicts
    ]

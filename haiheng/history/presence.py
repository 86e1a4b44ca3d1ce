"""Who has a form open, and on which version what is typed there rests."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from haiheng.accounts.models import User
from haiheng.history.models import Editing, Version

VERSION_FIELD = "history_version"


def newest(model: Any, pk: Any) -> Version | None:
    return Version.objects.of(model, pk).newest_first().defer("packed").first()


def of_form(model_admin: Any, request: HttpRequest, object_id: str | None) -> dict[str, Any]:
    """What the form carries: the version that it shows, and where to say that it is open."""
    carried = request.POST.get(VERSION_FIELD, "")
    key = unquote(object_id or "")
    values = {
        "user": request.user.pk,
        "language": model_admin.get_form_language(request) if hasattr(model_admin, "get_form_language") else "",
        "version": carried if carried.isdecimal() else "0",
        "editing": "",
    }
    if not key.isdecimal() or len(key) > 18:
        return values
    if not carried.isdecimal():
        version = newest(model_admin.model, int(key))
        values["version"] = str(version.pk if version else 0)
    opts = model_admin.opts
    values["editing"] = reverse(f"admin:{opts.app_label}_{opts.model_name}_editing", args=[key])
    return values


def answer(obj: Any, user: User, token: str) -> dict[str, Any]:
    Editing.say(obj, user)
    others = [
        _("%(name)s is editing since %(time)s") % {"name": each.user, "time": clock(each.since)}
        for each in Editing.others(obj, user)
    ]
    version, newer = newest(type(obj), obj.pk), ""
    if version is not None and token.isdecimal() and str(version.pk) != token:
        newer = saved_by(version, user)
    return {"others": others, "newer": newer}


def saved_by(version: Version, user: Any) -> str:
    values = {"name": version.user_name, "time": clock(version.at)}
    if version.user_id == user.pk:
        return _("You saved this at %(time)s in another window. Saving here puts both together.") % values
    if not version.user_name:
        return _("It was changed at %(time)s. Saving puts both together.") % values
    return _("%(name)s saved this at %(time)s. Saving puts both together.") % values


def clock(moment: Any) -> str:
    local = timezone.localtime(moment)
    return date_format(local, "H:i" if local.date() == timezone.localdate() else "Y-m-d H:i")

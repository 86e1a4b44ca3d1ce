"""Somebody leaves: sign-in blocked, sessions ended, enquiries handed over, in one step."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from enquiries import handling
from enquiries.admin.forms import colleagues
from haiheng.accounts import sessions
from haiheng.accounts.models import User
from haiheng.accounts.people import staff_of


class LeavingForm(forms.Form):
    leaving = forms.ModelChoiceField(User.objects.none(), label=_("Who leaves"))
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Open enquiries go to"),
        required=False,
        empty_label=_("Nobody: they wait for whoever takes them"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody locks himself out, and only an administrator an administrator.
        leaving = colleagues().exclude(pk=by.pk)
        self.fields["leaving"].queryset = leaving if by.is_superuser else leaving.filter(is_superuser=False)  # type: ignore[attr-defined]
        self.fields["to"].queryset = colleagues()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("leaving") and cleaned.get("leaving") == cleaned.get("to"):
            self.add_error("to", _("Choose somebody who stays."))
        return cleaned


def hand_over(request: HttpRequest, site: AdminSite) -> HttpResponse:
    by = staff_of(request)
    if not by.has_perms(["accounts.change_user", "enquiries.change_enquiry"]):
        raise PermissionDenied
    form = LeavingForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        leaving, to = form.cleaned_data["leaving"], form.cleaned_data["to"]
        count = release_from_duty(leaving, to, by)
        text = ngettext(
            "%(name)s can no longer sign in. %(count)d enquiry was handed over.",
            "%(name)s can no longer sign in. %(count)d enquiries were handed over.",
            count,
        )
        messages.success(request, text % {"name": leaving, "count": count})
        return HttpResponseRedirect(reverse("admin:enquiries_enquiry_changelist"))
    context = {**site.each_context(request), "form": form, "title": _("Somebody leaves")}
    return TemplateResponse(
        request, "admin/enquiries/hand_over.html", context, status=422 if request.method == "POST" else 200
    )


def release_from_duty(leaving: User, to: User | None, by: User) -> int:
    """Block the sign-in, end the sessions, and hand over what is unfinished; how many enquiries."""
    with transaction.atomic():
        leaving.is_active = False
        leaving.save(update_fields=["is_active"])
        sessions.end_all(leaving.pk)
        return handling.hand_over(leaving, to, by)

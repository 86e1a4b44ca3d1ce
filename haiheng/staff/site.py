from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from haiheng.staff.deleting import PlainDeletion
from haiheng.staff.sections import arrange, section_of

# Tables of libraries: secrets, or lists that mean nothing to people. Staff have pages for them.
HIDDEN = {
    *("account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator", "usersessions.UserSession"),
    # News has tags of its own.
    "taggit.Tag",
}


class StaffAdminSite(admin.AdminSite):
    site_title = _("China Haiheng, staff")
    site_header = _("China Haiheng")
    index_title = _("Today")
    empty_value_display = "–"
    index_template = "admin/index.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        single = isinstance(model_or_iterable, ModelBase)
        models: list[Any] = [model_or_iterable] if single else list(model_or_iterable)
        shown = [model for model in models if model._meta.label not in HIDDEN]
        if shown:
            super().register(shown, _plain(admin_class or admin.ModelAdmin), **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Chosen rows of a list; Django would fail on what is no number.
            if not all(chosen.isdecimal() for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME)):
                raise BadRequest("A chosen row is no number.")
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response

        return super().admin_view(checked, cacheable)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return our sections; with an app's label, the one section that this app belongs to."""
        apps = list(self._build_app_dict(request).values())
        if app_label is not None:
            wanted = section_of(app_label)
            apps = [app for app in apps if section_of(app["app_label"]) is wanted]
        return arrange(apps)


def _plain(admin_class: Any) -> Any:
    """Return the class with our way of asking before a deletion, last before Django's own."""
    if admin_class is admin.ModelAdmin:
        return PlainDeletion
    own = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
    return type(admin_class)(admin_class.__name__, (admin_class, PlainDeletion), own)

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from haiheng.accounts import sessions
from haiheng.accounts.forms import language_choices
from haiheng.accounts.models import User

if TYPE_CHECKING:
    BaseUserAdmin = UserAdmin[User]
    BaseChangeForm = UserChangeForm[User]
    BaseCreationForm = AdminUserCreationForm[User]
else:
    BaseUserAdmin, BaseChangeForm, BaseCreationForm = UserAdmin, UserChangeForm, AdminUserCreationForm


class OneAddressEach:
    """Staff sign in with their e-mail address, too: no two may share one."""

    instance: User
    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        email = str(self.cleaned_data.get("email") or "").strip()
        taken = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and taken.exists():
            raise forms.ValidationError(_("Another member of staff has this address."))
        return email


class StaffChangeForm(OneAddressEach, BaseChangeForm):
    language = forms.ChoiceField(label=_("Language of the admin"), choices=language_choices, required=False)


class StaffAddForm(OneAddressEach, BaseCreationForm):
    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name"]


@admin.register(User)
class StaffAdmin(BaseUserAdmin):
    form = StaffChangeForm
    add_form = StaffAddForm
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    actions = ["send_password_link", "sign_out_everywhere"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "notify"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Single permissions"), {"classes": ["collapse"], "fields": ["user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    *("username", "email", "first_name", "last_name"),
                    *("usable_password", "password1", "password2"),
                ]
            },
        ),
    ]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        # Everybody added here works here; taking the right away again is a tick in the form.
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Send a link to choose a password"), permissions=["change"])
    def send_password_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        sent = 0
        for user in queryset:
            form = ResetPasswordForm({"email": user.email})
            if user.email and user.may_work and form.is_valid():
                form.save(request)
                sent += 1
        self.message_user(
            request,
            ngettext("%(count)d link was sent.", "%(count)d links were sent.", sent) % {"count": sent},
            messages.SUCCESS if sent else messages.WARNING,
        )

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        ended = sum(sessions.end_all(user.pk) for user in queryset)
        self.message_user(
            request,
            ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended) % {"count": ended},
            messages.SUCCESS,
        )

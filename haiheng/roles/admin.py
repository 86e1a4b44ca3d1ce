"""The pages of staff and groups, and the outbox, as the roles demand."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from enquiries.models import Enquiry
from haiheng.accounts.admin import StaffAddForm, StaffAdmin, StaffChangeForm
from haiheng.accounts.models import User
from haiheng.accounts.people import staff_of
from haiheng.mail.admin import OutgoingMailAdmin
from haiheng.mail.models import OutgoingMail
from haiheng.roles.limits import groups_to_give, may_look_after
from haiheng.roles.rights import ROLE_BY_KEY, label_of

if TYPE_CHECKING:
    GroupsField = forms.ModelMultipleChoiceField[Group]
else:
    GroupsField = forms.ModelMultipleChoiceField

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(OutgoingMail)


class RolesField(GroupsField):
    """One box to tick per role, with what the role is for."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Group) -> str | SafeString:
        role = ROLE_BY_KEY.get(obj.name)
        return format_html("{} – {}", role.label, role.task) if role else obj.name


class RoleFilter(admin.RelatedFieldListFilter):
    """Members of staff by role, named in the language of who looks."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(group.pk), label_of(group)) for group in Group.objects.order_by("pk")]


class ChoosesRoles(forms.Form):
    """Offers the roles that `actor` may give, and keeps those that somebody else gave."""

    groups = RolesField(Group.objects.none(), label=_("Roles"), required=False)
    actor: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"].queryset = groups_to_give(self.actor)  # type: ignore[attr-defined]

    def clean_groups(self) -> Any:
        chosen = list(self.cleaned_data["groups"])
        person = getattr(self, "instance", None)
        if person is not None and person.pk:
            chosen += person.groups.exclude(pk__in=groups_to_give(self.actor))
        return chosen


class PersonChangeForm(ChoosesRoles, StaffChangeForm):
    pass


class PersonAddForm(ChoosesRoles, StaffAddForm):
    class Meta(StaffAddForm.Meta):
        fields = [*StaffAddForm.Meta.fields, "groups"]


# Only an administrator makes administrators, or gives single permissions.
ADMINISTRATORS_ONLY = {"is_superuser", "user_permissions"}


@admin.register(User)
class PersonAdmin(StaffAdmin):
    form = PersonChangeForm
    add_form = PersonAddForm
    list_display = [*StaffAdmin.list_display, "roles"]
    list_filter = ["is_active", "is_superuser", ("groups", RoleFilter)]
    filter_horizontal = ["user_permissions"]
    add_fieldsets = [*StaffAdmin.add_fieldsets, (_("Rights"), {"fields": ["groups"]})]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        kept = [
            (name, {**options, "fields": [field for field in options["fields"] if field not in ADMINISTRATORS_ONLY]})
            for name, options in fieldsets
        ]
        return [(name, options) for name, options in kept if options["fields"]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_look_after(staff_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_look_after(staff_of(request), obj))

    def response_action(self, request: HttpRequest, queryset: QuerySet[User], *args: Any, **options: Any) -> Any:
        """Leave out of an action whom the person may not look after."""
        actor = staff_of(request)
        mine = [person.pk for person in queryset if may_look_after(actor, person)]
        return super().response_action(request, queryset.filter(pk__in=mine), *args, **options)

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        return ", ".join(label_of(group) for group in person.groups.all())


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Groups of one's own. The site's roles stand there to be read: each upgrade makes them anew."""

    list_display = ["named"]

    @admin.display(description=_("name"), ordering="name")
    def named(self, group: Group) -> str:
        return label_of(group)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_role(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_role(obj)


@admin.register(OutgoingMail)
class VisibleMailAdmin(OutgoingMailAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        """Mails about the enquiries one may see. Others hold links that set passwords: for administrators alone."""
        found = super().get_queryset(request)
        person = staff_of(request)
        if person.is_superuser:
            return found
        about = found.filter(topic__startswith="enquiry:")
        if Enquiry.objects.everything_visible_to(person):
            return about
        topics = Enquiry.objects.visible_to(person).values(topic=Concat(Value("enquiry:"), Cast("pk", CharField())))
        return about.filter(topic__in=topics)


def _is_role(group: Group | None) -> bool:
    return group is not None and group.name in ROLE_BY_KEY

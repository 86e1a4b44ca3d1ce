"""The form of an item in the admin: its buttons, and working copies of live items."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from haiheng.history import snapshots
from haiheng.history.presence import VERSION_FIELD
from haiheng.history.recording import recording
from haiheng.publishing import announcing, borrowing, working
from haiheng.publishing.forms import MOMENTS, MomentInput
from haiheng.publishing.models import Publishable, State, WorkingCopy
from haiheng.publishing.years import validate_year

# The name of every button of the form; its value is the verb.
BUTTON = "_to"
STAMP = "_copy"
PUBLIC_VERBS = frozenset({"publish", "schedule", "withdraw", "expire"})
ASIDE, DISCARD = "copy", "discard"
WATCHED = frozenset({State.PUBLISHED, State.SCHEDULED})

# It stands before parler's class, which has no types; this one has none of its own either.
_BesideModelAdmin: Any = object


@dataclass
class Desk:
    """What one request does to an item; the templates read it as `desk`."""

    verb: str = ""
    obj: Publishable | None = None
    copy: WorkingCopy | None = None
    may_publish: bool = False
    form: Any = None
    saved: Any = None
    # A rehearsal: no messages.
    quiet: bool = False
    link: str = ""
    live_url: str = ""
    preview_url: str = ""
    # Languages whose texts this one can begin with, and the one that it began with.
    offers: list[tuple[str, str]] = field(default_factory=list)
    borrowed: str = ""

    @property
    def state(self) -> State:
        return self.obj.state if self.obj else State.DRAFT

    @property
    def copy_stamp(self) -> str:
        """Which unpublished changes a form rests on."""
        return self.copy.saved_at.isoformat() if self.copy else ""

    @property
    def is_aside(self) -> bool:
        """Whether what is saved is kept beside the live item."""
        return self.verb == ASIDE or (self.verb == "schedule" and self.state == State.PUBLISHED)


def desk_of(request: HttpRequest) -> Desk:
    found: Desk = getattr(request, "desk", None) or Desk()
    request.desk = found  # type: ignore[attr-defined]
    return found


class DeskAdmin(_BesideModelAdmin):
    change_form_template = "admin/publishing/change_form.html"

    # --- Rights -----------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}"))

    def has_restore_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An earlier version of a live item would be public at once."""
        return bool(super().has_restore_permission(request, obj)) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting a live item, or a language of it, takes it down."""
        return bool(super().has_delete_permission(request, obj)) and self._may_touch(request, obj)

    def _may_touch(self, request: HttpRequest, obj: Any) -> bool:
        # parler asks about a translation.
        item = getattr(obj, "master", obj)
        return item is None or item.state not in WATCHED or self.has_publish_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return found if self.has_publish_permission(request) else [*found, *MOMENTS]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        if not self.has_publish_permission(request):
            # The list changes live items at once.
            found.list_editable = ()
        return found

    # --- The form ---------------------------------------------------------------

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in MOMENTS:
            return db_field.formfield(widget=MomentInput(), validators=[validate_year])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form, desk = super().get_form(request, obj, change=change, **kwargs), desk_of(request)
        form.verb, form.stored_state = desk.verb, desk.state if desk.obj else None
        form.outdated = request.POST.get(STAMP, desk.copy_stamp) != desk.copy_stamp
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        desk = desk_of(request)
        desk.form, desk.saved = form, obj
        super().save_model(request, obj, form, change)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        desk = self.open_desk(request, object_id)
        if request.method != "POST":
            if desk.copy is None:
                return super().changeform_view(request, object_id, form_url, extra_context)
            return self._rehearsed(request, object_id, form_url, extra_context)[0]
        if desk.verb == DISCARD and desk.obj is not None:
            working.discard(desk.obj)
            messages.success(request, _("The unpublished changes are discarded. The public page is as it was."))
            return self._same_form(request, desk.obj)
        if desk.obj is None or not (desk.is_aside or desk.copy):
            return super().changeform_view(request, object_id, form_url, extra_context)
        response, content = self._rehearsed(request, object_id, form_url, extra_context)
        if content is not None:
            self._settle(request, desk, content)
        return response

    def open_desk(self, request: HttpRequest, object_id: str | None) -> Desk:
        """Read what the request is about; raises PermissionDenied for a verb that the person may not use."""
        request.desk = desk = Desk(may_publish=self.has_publish_permission(request))  # type: ignore[attr-defined]
        if object_id is not None:
            desk.obj = self.get_object(request, unquote(object_id))
            if desk.obj is not None and not self.has_view_or_change_permission(request, desk.obj):
                raise PermissionDenied
            desk.copy = working.copy_of(desk.obj) if desk.obj else None
        if request.method != "POST":
            return desk
        desk.verb = request.POST.get(BUTTON, "")
        if not desk.may_publish and desk.verb in PUBLIC_VERBS:
            raise PermissionDenied
        if desk.verb != DISCARD and (
            (not desk.may_publish and desk.state in WATCHED)
            or (desk.verb == "draft" and desk.state == State.PUBLISHED)
        ):
            desk.verb = ASIDE
        if desk.verb == ASIDE and desk.state not in WATCHED:
            desk.verb = "draft"
        if desk.verb == DISCARD and not (desk.obj and self.has_change_permission(request, desk.obj)):
            raise PermissionDenied
        return desk

    def _rehearsed(
        self, request: HttpRequest, object_id: str | None, form_url: str = "", extra_context: Any = None
    ) -> tuple[HttpResponse, Any]:
        """The answer, made on the working copy and rolled back; and what the item would be after a save."""
        desk = desk_of(request)
        above: Any = super()

        def look() -> tuple[HttpResponse, Any]:
            if desk.copy is not None:
                working.show(desk.copy, self.model)
                if request.method == "POST":
                    without_version(request)
            response = above.changeform_view(request, object_id, form_url, extra_context)
            if isinstance(response, TemplateResponse):
                response.render()
            saved = request.method == "POST" and response.status_code == 302 and desk.saved is not None
            return response, snapshots.take(self.model, desk.saved.pk) if saved else None

        desk.quiet = True
        try:
            return working.rehearse(look, request.user)
        finally:
            desk.quiet = False

    def _settle(self, request: HttpRequest, desk: Desk, content: Any) -> None:
        obj: Any = desk.obj
        if desk.is_aside:
            live = snapshots.take(self.model, obj.pk)
            if live is not None and snapshots.same(live, content):
                working.discard(obj)
                messages.info(request, _("Nothing differs from what the public sees."))
                return
            at = desk.form.changes_at
            working.keep(obj, content, request.user, at)
            announcing.kept_aside(request, at)
            return
        with recording(request.user):
            for problem in working.apply_for_good(self.model, obj.pk, content):
                messages.warning(request, problem)
            self.log_change(request, obj, _("Unpublished changes were made public."))
        self._announce(request, obj)

    # --- Answers ----------------------------------------------------------------

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        if not desk_of(request).verb:
            return super().response_add(request, obj, post_url_continue)
        self._announce(request, obj)
        return self._same_form(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        desk = desk_of(request)
        if not desk.verb:
            if desk.quiet:
                return self._same_form(request, obj)
            return super().response_change(request, obj)
        if not desk.quiet:
            self._announce(request, obj)
        return self._same_form(request, obj)

    def _announce(self, request: HttpRequest, obj: Any) -> None:
        stored = self.model._default_manager.for_lists().get(pk=obj.pk)
        language = self.get_form_language(request, obj)
        announcing.saved(request, stored, desk_of(request).verb, language, self.live_address(stored, language))

    def live_address(self, obj: Any, language: str) -> str:
        """Where the public sees it: in this language, else in the first that has it; empty: nowhere."""
        if obj.is_public_in(language):
            return str(self.address_in(obj, language))
        return self.view_on_site(obj) or ""

    def _same_form(self, request: HttpRequest, obj: Any) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        url = f"{reverse(name, args=[obj.pk])}?language={self.get_form_language(request, obj)}"
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(kept, url))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        desk = desk_of(request)
        opts = f"admin:{self.opts.app_label}_{self.opts.model_name}_"
        language = self.get_form_language(request, kwargs.get("obj"))
        if desk.obj is not None:
            desk.link = reverse(f"{opts}link", args=[desk.obj.pk])
            desk.preview_url = reverse(f"{opts}preview", args=[desk.obj.pk])
            desk.live_url = self.live_address(desk.obj, language)
            desk.offers = borrowing.offers(desk.obj, language)
            desk.borrowed = borrowing.fill(request, desk.obj, language, context["adminform"].form)
        else:
            desk.preview_url = reverse(f"{opts}preview_new")
        desk.preview_url += f"?language={language}"
        context["desk"] = desk
        if desk.obj is not None:
            context["when"] = announcing.when(desk.obj, desk.copy)
        return super().render_change_form(request, context, *args, **kwargs)


def without_version(request: HttpRequest, *more: str) -> None:
    """A working copy and a preview are put together with the live item in their own way."""
    typed: Any = request.POST.copy()
    for name in (VERSION_FIELD, *more):
        typed.pop(name, None)
    request.POST = typed

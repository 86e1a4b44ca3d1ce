"""What the admin of every kind of content shares: state, languages, and a bin instead of deleting."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from parler.admin import TranslatableAdmin

from haiheng.history.admin import HistoryAdmin
from haiheng.history.recording import recording
from haiheng.long_lists import LongListPaginator
from haiheng.publishing.forms import PublishableForm
from haiheng.publishing.looking import LookingAdmin
from haiheng.publishing.models import Publishable, State, WorkingCopy

if TYPE_CHECKING:
    StateModelAdmin = admin.ModelAdmin[Publishable]
else:
    StateModelAdmin = admin.ModelAdmin

SEARCH_ENGINES = (_("Search engines"), {"fields": ["meta_title", "meta_description"], "classes": ["collapse"]})


__all__ = ["SEARCH_ENGINES", "NotReadyFilter", "PublishableAdmin", "PublishableForm", "StateFilter"]


class StateFilter(admin.SimpleListFilter):
    """By state; without a choice everything that is not in the trash."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: StateModelAdmin) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        return queryset.in_state(state) if state in State.values else queryset.kept()  # type: ignore[attr-defined]


class NotReadyFilter(admin.SimpleListFilter):
    """What a language still lacks."""

    title = _("not ready in")
    parameter_name = "not_ready"

    def lookups(self, request: HttpRequest, model_admin: StateModelAdmin) -> list[tuple[str, Any]]:
        return list(settings.LANGUAGES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in dict(settings.LANGUAGES):
            return queryset
        texts = queryset.model._parler_meta.root_model._default_manager.filter(language_code=self.value())
        # Not there or not ready: each is read from an index alone, where "there and ready" reads every text.
        return queryset.filter(
            ~Exists(texts.filter(master=OuterRef("pk"))) | Q(pk__in=texts.filter(ready=False).values("master"))
        )


class _InReach(ChangeList):
    """Leads to the language whose title the list shows."""

    def url_for_result(self, result: Any) -> str:
        url: str = super().url_for_result(result)
        begun = {text.language_code for text in result.translations.all()}
        own = get_language()
        code = own if own in begun else next((code for code, _name in settings.LANGUAGES if code in begun), own)
        return url if code == settings.LANGUAGE_CODE else f"{url}?language={code}"


class PublishableAdmin(LookingAdmin, HistoryAdmin, TranslatableAdmin):
    """Deleting puts an item into the trash, from which it comes back at its old address; there it can be deleted."""

    form = PublishableForm
    actions = ["publish_now", "back_to_draft", "out_of_the_trash"]
    list_per_page = 50
    show_full_result_count = False
    paginator = LongListPaginator
    delete_confirmation_template = "admin/publishing/delete_confirmation.html"

    class Media:
        css = {"all": ["publishing/admin/state.css", "publishing/admin/desk.css"]}
        js = ["publishing/admin/desk.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        copies = WorkingCopy.objects.filter(model=self.opts.label_lower, object_id=OuterRef("pk"))
        return super().get_queryset(request).for_lists().annotate(has_copy=Exists(copies))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        return {"slug": ("title",)}

    def view_on_site(self, obj: Publishable) -> str | None:
        """The public page in the first language that has it."""
        if not obj.is_published:
            return None
        language = next((code for code, _name in settings.LANGUAGES if code in obj.ready_languages()), None)
        return self.address_in(obj, language) if language else None

    def address_in(self, obj: Publishable, language: str) -> str:
        raise NotImplementedError

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Whoever works in Chinese begins in Chinese."""
        own = get_language()
        if request.method == "GET" and "language" not in request.GET and own != settings.LANGUAGE_CODE:
            query = request.GET.copy()
            query["language"] = own
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
        return super().add_view(request, form_url, extra_context)

    # --- The list ---------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _InReach

    @admin.display(description=_("title"))
    def named(self, obj: Publishable) -> str:
        """In the language of the staff, or in one that has a text: a list of dashes names nothing."""
        return str(obj)

    @admin.display(description=_("state"), ordering="published_at")
    def state_chip(self, obj: Publishable) -> SafeString:
        chip = format_html('<span class="state-chip state-{}">{}</span>', obj.state.value, obj.state.label)
        if not getattr(obj, "has_copy", False):
            return chip
        return format_html('{} <span class="state-chip state-copy">{}</span>', chip, _("Unpublished changes"))

    @admin.display(description=_("languages"))
    def languages(self, obj: Publishable) -> SafeString:
        """One mark per language: a filled circle where it is ready, a half one where texts wait, none without."""
        ready = set(obj.ready_languages())
        begun = {text.language_code for text in obj.translations.all()}
        rows = []
        for code, name in settings.LANGUAGES:
            sign, word = (
                ("●", _("ready")) if code in ready else ("◐", _("not ready")) if code in begun else ("○", _("missing"))
            )
            rows.append((f"{name}: {word}", _short(code), sign))
        return format_html_join(" ", '<span class="language-mark" title="{}"><bdi>{}</bdi> {}</span>', rows)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions and request.GET.get("state") != State.TRASHED:
            function, name, _label = actions["delete_selected"]
            actions["delete_selected"] = (function, name, _("Put into the trash"))
        return actions

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = _each(queryset, "publish")
        messages.success(request, ngettext("%d item is published.", "%d items are published.", count) % count)

    @admin.action(description=_("Back to draft"), permissions=["publish"])
    def back_to_draft(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = _each(queryset, "withdraw")
        messages.success(request, ngettext("%d item is a draft.", "%d items are drafts.", count) % count)

    @admin.action(description=_("Take out of the trash"), permissions=["publish"])
    def out_of_the_trash(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = _each(queryset, "restore")
        messages.success(request, ngettext("%d item is back.", "%d items are back.", count) % count)

    # --- The trash --------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Only what is in the trash already is deleted for good, with all that hangs on it."""
        objs = list(objs)
        if all(obj.trashed_at for obj in objs):
            deleted: tuple[Any, Any, Any, Any] = super().get_deleted_objects(objs, request)
            return deleted
        refused = {str(obj) for obj in objs if not self.has_delete_permission(request, obj)}
        return [str(obj) for obj in objs], {self.opts.verbose_name_plural: len(objs)}, refused, []

    def delete_model(self, request: HttpRequest, obj: Publishable) -> None:
        if obj.trashed_at:
            super().delete_model(request, obj)
        else:
            with recording(request.user):
                obj.trash()
            _trashed(request).append(str(obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for item in queryset:
            self.delete_model(request, item)

    def message_user(
        self, request: HttpRequest, message: Any, level: int | str = messages.INFO, **kwargs: Any
    ) -> None:
        # Django says "deleted" after its page and its action, for one and for many.
        names = _trashed(request)
        if names and level == messages.SUCCESS:
            count = len(names)
            many = ngettext("%d item was put into the trash.", "%d items were put into the trash.", count) % count
            message = gettext("“%(name)s” was put into the trash.") % {"name": names[0]} if count == 1 else many
        super().message_user(request, message, level, **kwargs)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        trashing = obj is not None and not obj.trashed_at
        return super().delete_view(request, object_id, {**(extra_context or {}), "trashing": trashing})


def _trashed(request: HttpRequest) -> list[str]:
    """What this request put into the trash."""
    names: list[str] = request.__dict__.setdefault("trashed", [])
    return names


def _each(queryset: QuerySet[Any], verb: str) -> int:
    """Call a verb of each item: signals, history and the search index see every one."""
    items = list(queryset)
    for item in items:
        with recording():
            getattr(item, verb)()
    return len(items)


def _short(code: str) -> str:
    return "中文" if code.startswith("zh") else code.partition("-")[0].upper()

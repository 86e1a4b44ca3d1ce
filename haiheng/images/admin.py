from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from parler.admin import TranslatableAdmin

from haiheng.history.admin import HistoryAdmin
from haiheng.images import intake, markup, picker, uses
from haiheng.images.forms import ReplaceForm, UploadForm
from haiheng.images.models import Picture, RenditionState
from haiheng.long_lists import LongListPaginator
from haiheng.uploads import uses as places


@admin.register(Picture)
class PictureAdmin(HistoryAdmin, TranslatableAdmin):
    list_display = ("thumbnail", "name", "size", "described", "state", "created_at")
    list_display_links = ("thumbnail", "name")
    list_filter = ("state", "decorative", "created_at")
    search_fields = ("name", "translations__alt", "translations__caption")
    list_per_page = 48
    show_full_result_count = False
    paginator = LongListPaginator
    actions = ("make_again",)
    readonly_fields = ("preview", "size", "used_in", "state", "state_note", "created_at")
    fields = (
        "preview", "name", "alt", "caption", "decorative", ("focal_x", "focal_y"),
        "used_in", "size", "state", "state_note", "created_at",
    )  # fmt: skip

    @property
    def media(self) -> Media:
        return super().media + Media(js=["images/admin/focal-point.js"], css={"all": ["images/admin/pictures.css"]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        return super().get_queryset(request).prefetch_related("translations")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("picker/", self.admin_site.admin_view(picker.page), name="images_picture_picker"),
            path("<int:pk>/replace/", self.admin_site.admin_view(self.replace_view), name="images_picture_replace"),
        ]
        return [*own, *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        # Adding is an upload of its own: pictures are decoded outside of the transaction that Django's form opens.
        if object_id is None:
            return self.upload_view(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            self._refuse()
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            added, refused = add_all(form)
            for file_name, error in refused:
                form.add_error("files", f"{file_name}: {' '.join(error.messages)}")
            if added:
                count = len(added)
                messages.success(request, ngettext("%d picture added.", "%d pictures added.", count) % count)
            if not refused:
                one = len(added) == 1
                return HttpResponseRedirect(
                    reverse("admin:images_picture_change", args=[added[0].pk]) if one else "../"
                )
        return self._own_page(request, form, _("Upload pictures"), None)

    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        picture = get_object_or_404(Picture, pk=pk)
        if not self.has_change_permission(request, picture):
            self._refuse()
        form = ReplaceForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                intake.replace_file(picture, form.sent(), name=form.sent().name)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                self.log_change(request, picture, _("File replaced."))
                messages.success(request, _("The file was replaced."))
                return HttpResponseRedirect(reverse("admin:images_picture_change", args=[pk]))
        return self._own_page(request, form, _("Replace the file"), picture)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        picture = self.get_object(request, object_id)
        if picture is not None and (used := uses.of(picture)):
            messages.error(
                request,
                _("The picture is in use and stays. Take it out there first: %(places)s")
                % {"places": places.in_words(used)},
            )
            return HttpResponseRedirect(reverse("admin:images_picture_change", args=[object_id]))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Deleting many at once would not look where each one is used.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:  # noqa: FBT001
        if {"focal_x", "focal_y"} & set(form.changed_data):
            obj.state, obj.state_note = RenditionState.PENDING, ""
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Make the sizes again"), permissions=["change"])
    def make_again(self, request: HttpRequest, queryset: QuerySet[Picture]) -> None:
        for picture in queryset:
            picture.renditions_key = ""
            picture.save(update_fields=["renditions_key"])
            picture.render_again()

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, obj: Picture) -> SafeString:
        # It is a link: its name is the picture's.
        return markup.picture_html(
            obj, ratio="3:2", sizes_attribute="120px", css="picture-thumbnail", alt=obj.name or str(obj)
        )

    @admin.display(description=gettext_lazy("picture"))
    def preview(self, obj: Picture) -> SafeString:
        image = markup.picture_html(obj, sizes_attribute="640px", alt="", css="picture-preview", eager=True)
        return format_html('<div class="focal-point" data-focal-point>{}</div>', image)

    @admin.display(description=gettext_lazy("size"))
    def size(self, obj: Picture) -> str:
        return f"{obj.width} × {obj.height}"

    @admin.display(description=gettext_lazy("described"), boolean=True)
    def described(self, obj: Picture) -> bool:
        return obj.decorative or any(text.alt for text in obj.translations.all())

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, obj: Picture) -> SafeString | str:
        rows = dict.fromkeys(map(places.shown, uses.of(obj)))
        return format_html_join(", ", '<a href="{}">{} “{}”</a>', rows) or _("Nowhere yet")

    def _refuse(self) -> None:
        raise PermissionDenied

    def _own_page(self, request: HttpRequest, form: Any, title: str, picture: Picture | None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "original": picture,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/images/picture/upload.html", context)


def add_all(form: UploadForm) -> tuple[list[Picture], list[tuple[str, ValidationError]]]:
    """What was added, and what was refused with the reason."""
    added: list[Picture] = []
    refused: list[tuple[str, ValidationError]] = []
    for file in form.sent():
        try:
            added.append(intake.add_picture(file, name=file.name or ""))
        except ValidationError as error:
            refused.append((file.name or "", error))
    return added, refused

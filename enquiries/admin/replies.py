from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from enquiries.models import SavedReply
from enquiries.replying import unknown_placeholders

if TYPE_CHECKING:
    ReplyAdmin = admin.ModelAdmin[SavedReply]
    ReplyForm = forms.ModelForm[SavedReply]
else:
    ReplyAdmin = admin.ModelAdmin
    ReplyForm = forms.ModelForm


class SavedReplyForm(ReplyForm):
    language = forms.ChoiceField(required=False)

    class Meta:
        model = SavedReply
        fields = ["name", "language", "body", "position", "in_use"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = SavedReply._meta.get_field("language")
        languages = cast(forms.ChoiceField, self.fields["language"])
        languages.label = described.verbose_name
        languages.help_text = described.help_text
        languages.choices = [("", "–"), *settings.LANGUAGE_NAMES.items()]


@admin.register(SavedReply)
class SavedReplyAdmin(ReplyAdmin):
    form = SavedReplyForm
    list_display = ["name", "language", "position", "in_use"]
    list_filter = ["language", "in_use"]
    search_fields = ["name", "body"]

    def save_model(self, request: HttpRequest, obj: SavedReply, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if unknown := unknown_placeholders(obj.body):
            names = ", ".join(f"{{{name}}}" for name in unknown)
            text = _("Nothing is filled in for %(names)s: the words are sent as they stand.") % {"names": names}
            self.message_user(request, text, messages.WARNING)

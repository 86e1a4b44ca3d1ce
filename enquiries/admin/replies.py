from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin

from enquiries.models import SavedReply
from enquiries.replying import check_placeholders

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

    def clean_body(self) -> str:
        """Better refused here than when a buyer waits for the answer."""
        body: str = self.cleaned_data["body"]
        check_placeholders(body)
        return body


@admin.register(SavedReply)
class SavedReplyAdmin(ReplyAdmin):
    form = SavedReplyForm
    list_display = ["name", "language", "position", "in_use"]
    list_filter = ["language", "in_use"]
    search_fields = ["name", "body"]

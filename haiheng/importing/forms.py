from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from haiheng.importing.models import Kind


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=Kind)
    file = forms.FileField(
        label=_("File"),
        help_text=_("A spreadsheet (xlsx or csv), or an export of WordPress (xml: Tools, Export, All content)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.xml"}),
    )
    pictures = forms.FileField(
        label=_("Pictures"),
        required=False,
        help_text=_("For WordPress: its folder wp-content/uploads as a zip file."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: settings.LANGUAGES,
        help_text=_("For WordPress: the language its texts are written in."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("pictures") and cleaned.get("kind") != Kind.WORDPRESS:
            self.add_error("pictures", _("Spreadsheets name pictures of the library: upload them there first."))
        return cleaned

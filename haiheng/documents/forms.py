from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from parler.forms import TranslatableModelForm

from haiheng.documents import intake
from haiheng.documents.models import Document


class DocumentForm(TranslatableModelForm):
    upload = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.xlsx,.docx,.zip"}),
        help_text=_("PDF, xlsx, docx or zip."),
    )

    class Meta:
        model = Document
        fields = "__all__"

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        file = self.cleaned_data.get("upload")
        if file:
            try:
                intake.keep(self.instance, file, file.name)
            except ValidationError as error:
                self.add_error("upload", error)
        elif not self.instance.file and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file."))
        return data

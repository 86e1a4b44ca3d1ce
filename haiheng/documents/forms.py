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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["upload"].label = _("Replace the file")
            self.fields["upload"].help_text = _(
                "By one of the same kind. The address stays: old links open the new file."
            )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        file = self.cleaned_data.get("upload")
        if file:
            try:
                # Stored once the whole form is good: see the admin.
                if self.instance.pk:
                    intake.replacing(self.instance, file, file.name)
                else:
                    intake.checked(file, file.name)
            except ValidationError as error:
                self.add_error("upload", error)
        elif not self.instance.file and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file."))
        return data

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

ACCEPT = ".jpg,.jpeg,.png,.webp,.avif,.gif,image/jpeg,image/png,image/webp,image/avif,image/gif"


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        # Each file is judged by intake later; here only whether there is one.
        files = [each for each in (data or []) if each]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class UploadForm(forms.Form):
    """Several pictures at once; each is judged by intake."""

    files = _FilesField(  # type: ignore[assignment] # Django turns it into an entry of `fields`
        label=_("Pictures"),
        widget=_Files(attrs={"accept": ACCEPT, "multiple": True}),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF, several at once. GPS position and camera data are removed."),
    )

    def sent(self) -> "list[UploadedFile[Any]]":
        return list(self.cleaned_data["files"])


class ReplaceForm(forms.Form):
    file = forms.FileField(
        label=_("New file"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=_("Everything that shows this picture shows the new file. Descriptions stay."),
    )

    def sent(self) -> Any:
        return self.cleaned_data["file"]

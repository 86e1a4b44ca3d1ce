from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from haiheng.redirects import lists, lookup, paths, placing
from haiheng.redirects.models import FormerNumber, Redirect

_LARGEST = 2_000_000


class RedirectForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Redirect
        fields = ("path", "target")

    def clean_path(self) -> str:
        path = paths.old_address(self.cleaned_data["path"])
        if lookup.is_live(path):
            raise ValidationError(_("There is a page at this address: visitors would never be redirected."))
        return path

    def clean_target(self) -> str:
        return paths.new_address(self.cleaned_data["target"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("path") and cleaned.get("target"):
            try:
                cleaned["target"] = placing.final(cleaned["path"], cleaned["target"])
            except ValidationError as error:
                self.add_error("target", error)
        return cleaned


class ListForm(forms.Form):
    """A list of old addresses: a file, or lines pasted or mended in the field."""

    file = forms.FileField(
        label=_("File"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"})
    )
    lines = forms.CharField(
        label=_("Or lines"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "spellcheck": "false", "wrap": "off"}),
        help_text=_("One redirect per line: old address, comma, new address. Copied cells of a spreadsheet do, too."),
    )
    series = forms.SlugField(
        label=_("Series of numbers"),
        required=False,
        max_length=FormerNumber._meta.get_field("series").max_length,
        help_text=_("Empty for addresses. Where the first column holds numbers of the former site: their series."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None:
            if file.size > _LARGEST:
                raise ValidationError({"file": _("The list is larger than 2 MB. Divide it.")})
            try:
                cleaned["lines"] = lists.text_of(file.read())
            except ValidationError as error:
                self.add_error("file", error)
        elif not cleaned.get("lines", "").strip():
            raise ValidationError(_("Choose a file or paste lines."))
        return cleaned

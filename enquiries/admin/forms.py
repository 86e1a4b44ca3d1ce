from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from enquiries import elsewhere, replying
from enquiries.models import Enquiry, Outcome, Source
from haiheng.accounts.models import User
from haiheng.publishing.years import validate_year
from products.models import Product

if TYPE_CHECKING:
    HandForm = forms.ModelForm[Enquiry]
else:
    HandForm = forms.ModelForm

BY_HAND = [Source.PHONE, Source.WHATSAPP, Source.WECHAT, Source.FAIR, Source.MAIL, Source.OTHER]


def colleagues() -> Any:
    return User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name", "username")


class AddByHandForm(HandForm):
    """An enquiry that came by telephone, at a fair, or in a chat."""

    source = forms.ChoiceField(label=_("Came by"), choices=[(source.value, source.label) for source in BY_HAND])
    language = forms.ChoiceField(label=_("Language"))
    products: Any = forms.ModelMultipleChoiceField(
        Product.objects.filter(trashed_at=None).order_by("code"), label=_("Products"), required=False
    )

    class Meta:
        model = Enquiry
        fields = ["source", "name", "email", "phone", "address", "language", "message", "products"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = cast(forms.ChoiceField, self.fields["language"])
        languages.choices = list(settings.LANGUAGE_NAMES.items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("email") and not cleaned.get("phone") and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address or a phone number. One is enough."))
        return cleaned


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["assignee"]).queryset = colleagues()


class SnoozeForm(forms.Form):
    until = forms.DateField(label=_("Until"), validators=[validate_year])

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return day


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(required=False, choices=[("", _("No outcome")), *Outcome.choices])


class NoteForm(forms.Form):
    note = forms.CharField(max_length=20_000, error_messages={"required": _("Write a note.")})


class _WrittenForm(forms.Form):
    """Words to one buyer: none of them may hold a place that nothing is filled in for."""

    def __init__(self, *args: Any, enquiry: Enquiry, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enquiry, self.by = enquiry, by

    def without_gaps(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        replying.check_gaps(text, self.enquiry, self.by)
        return text


class ReplyForm(_WrittenForm):
    to = forms.EmailField(error_messages={"required": _("Enter the buyer’s address.")})
    subject = forms.CharField(max_length=300, required=False)
    body = forms.CharField(max_length=100_000, strip=False, error_messages={"required": _("Write an answer.")})
    quote = forms.BooleanField(required=False)

    def clean_subject(self) -> str:
        return self.without_gaps("subject")

    def clean_body(self) -> str:
        return self.without_gaps("body")


class WhatsAppForm(_WrittenForm):
    # Longer addresses are cut by browsers and by WhatsApp.
    text = forms.CharField(
        max_length=3000,
        required=False,
        strip=False,
        error_messages={"max_length": _("A message for WhatsApp has %(limit_value)d characters at most.")},
    )

    def clean_text(self) -> str:
        return self.without_gaps("text")


class ElsewhereForm(forms.Form):
    body = forms.CharField(max_length=100_000, error_messages={"required": _("Write what you answered.")})
    channel = forms.ChoiceField(choices=[(channel.value, channel.label) for channel in elsewhere.CHANNELS])


class MergeForm(forms.Form):
    reference = forms.CharField(max_length=20)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_reference(self) -> Enquiry:
        wanted = self.cleaned_data["reference"].strip().upper()
        found = Enquiry.objects.visible_to(self.user).filter(reference=wanted).first()
        if found is None:
            raise forms.ValidationError(_("There is no enquiry with this reference."))
        return found


class CountryForm(forms.Form):
    country = CountryField(blank=True).formfield()

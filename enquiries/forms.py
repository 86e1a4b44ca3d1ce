"""The message form that stands under the pages."""

import re
from typing import Any

from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGE_LENGTH = 20_000
# What no database stores in a text.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Turn the order of whatever follows around (exe.gpj for jpg.exe); no language needs them.
_OVERRIDES = re.compile("[\u202d\u202e]")


def storable(text: str) -> str:
    """Text as typed, fit for database and page: a sign for what cannot be stored, overrides of direction left out."""
    return _OVERRIDES.sub("", _UNSTORABLE.sub("\ufffd", text))


class TypedField(forms.CharField):
    """Text as typed, but for signs that do harm."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        text = storable(text).replace("\r\n", "\n")
        return text if text.strip() else ""


class AddressField(TypedField):
    """A mail address; blanks around it are a slip of the thumb."""

    default_validators = [EmailValidator(_("Enter a full address, like name@example.com."))]

    def to_python(self, value: Any) -> str:
        return super().to_python(value).strip()


def typed(limit: int, required: str | Promise = "", **kwargs: Any) -> TypedField:
    """A text field with messages that say what to do; `required` is the message for an empty one."""
    field = kwargs.pop("field", TypedField)(
        required=bool(required), error_messages={"required": required} if required else {}, **kwargs
    )
    field.validators.append(
        MaxLengthValidator(
            limit, _("This text is too long: %(show_value)d characters. Shorten it to %(limit_value)d.")
        )
    )
    return field


class EnquiryForm(forms.Form):
    """Name, message, and a mail address or a telephone number; the rest is optional."""

    use_required_attribute = False
    FIELD_ORDER = ("name", "email", "phone", "address", "message")

    name = typed(200, _("Enter your name."), label=_("Name"))
    email = typed(254, field=AddressField, label=_("E-mail"))
    phone = typed(80, label=_("Phone"))
    address = typed(500, label=_("Address"))
    message = typed(MESSAGE_LENGTH, _("Write your message."), label=_("Message"))
    product = typed(200, widget=forms.HiddenInput)
    page = typed(500, widget=forms.HiddenInput)
    # A page from a cache carries no time stamp; a script may say how long somebody was in the form, in milliseconds.
    elapsed = typed(12, widget=forms.HiddenInput)
    # People do not see it; programs fill it in.
    website = typed(2000, label=_("Leave this field empty"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "enquiry-%s")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        neither = not cleaned.get("email") and not cleaned.get("phone")
        if neither and "email" not in self.errors and "phone" not in self.errors:
            self.add_error(
                "email",
                forms.ValidationError(_("Enter an e-mail address or a phone number. One is enough.")),
            )
        return cleaned

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, message) for the summary on top, in the order of the fields."""
        return [
            (str(self[name].id_for_label), str(message))
            for name in self.FIELD_ORDER
            for message in self.errors.get(name, ())
        ]

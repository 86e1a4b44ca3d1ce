from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from haiheng.accounts.models import User

if TYPE_CHECKING:
    BaseForm = forms.ModelForm[User]
else:
    BaseForm = forms.ModelForm


def language_choices() -> list[tuple[str, Any]]:
    return [("", _("As the browser asks")), *settings.LANGUAGES]


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("User name or e-mail")
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
            "dir": "ltr",
        }
        login.max_length = 254
        password.widget.attrs = {"autocomplete": "current-password", "dir": "ltr"}
        password.max_length = 1000
        # The page has its own link beside the field.
        password.help_text = ""


class AccountForm(BaseForm):
    """What members of staff may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "notify"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.has_perm("enquiries.view_enquiry"):
            del self.fields["notify"]

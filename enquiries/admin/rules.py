from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin

from enquiries.admin.forms import colleagues
from enquiries.models import AssignmentRule

if TYPE_CHECKING:
    RuleAdmin = admin.ModelAdmin[AssignmentRule]
    RuleForm = forms.ModelForm[AssignmentRule]
else:
    RuleAdmin = admin.ModelAdmin
    RuleForm = forms.ModelForm


class AssignmentRuleForm(RuleForm):
    language = forms.ChoiceField(required=False)

    class Meta:
        model = AssignmentRule
        fields = ["kind", "language", "category", "assignee", "position", "in_use"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = cast(forms.ChoiceField, self.fields["language"])
        languages.label = AssignmentRule._meta.get_field("language").verbose_name
        languages.choices = [("", "–"), *settings.LANGUAGE_NAMES.items()]
        cast("forms.ModelChoiceField[Any]", self.fields["assignee"]).queryset = colleagues()


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(RuleAdmin):
    form = AssignmentRuleForm
    list_display = ["kind", "language", "category", "assignee", "position", "in_use"]
    list_select_related = ["assignee", "category"]

"""How staff write tags."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from taggit.forms import TagField

MAX_LENGTH = 100
# Commas and semicolons of both scripts, the Chinese enumeration comma, and line ends; never a space: "city bus".
_SEPARATORS = re.compile(r"[,;，；、\n]")


def split(text: str) -> list[str]:
    """The tags in a line, each once whatever its case, in the order written."""
    names = (" ".join(part.split()).strip('"“”') for part in _SEPARATORS.split(text or ""))
    return list({name.casefold(): name for name in reversed([*names]) if name}.values())[::-1]


def joined(tags: Iterable[Any]) -> str:
    """What `split` reads back."""
    return ", ".join(sorted(tag.name for tag in tags))


class TagSelect(forms.SelectMultiple):
    """One field with suggestions, by the select2 that the admin brings along; a new word becomes a new tag."""

    class Media:
        css = {"all": ["admin/css/vendor/select2/select2.css", "admin/css/autocomplete.css"]}
        js = [
            "admin/js/vendor/jquery/jquery.js",
            "admin/js/vendor/select2/select2.full.js",
            "admin/js/jquery.init.js",
            "news/admin/tags.js",
        ]

    def __init__(self) -> None:
        # Not named data-tags: select2 would take that for its own setting.
        super().__init__(attrs={"data-suggestions": reverse_lazy("admin:news_tag_suggestions")})

    def format_value(self, value: Any) -> list[str]:
        names = split(value) if isinstance(value, str) else [getattr(tag, "name", tag) for tag in value or ()]
        # Only what is chosen stands in the page; the script asks for the rest.
        self.choices = [(name, name) for name in names]
        return names

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        chosen = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return ", ".join([chosen] if isinstance(chosen, str) else chosen)


class TagsField(TagField):
    widget = TagSelect

    def clean(self, value: Any) -> list[str]:
        names: list[str] = super().clean(value)
        if too_long := next((name for name in names if len(name) > MAX_LENGTH), None):
            raise ValidationError(
                _("“%(name)s…” is too long for a tag. Up to %(count)d characters."),
                params={"name": too_long[:30], "count": MAX_LENGTH},
            )
        return names

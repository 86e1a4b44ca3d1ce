from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from haiheng.richtext.extensions import EXTENSIONS
from haiheng.richtext.sanitizer import clean


class RichTextField(ProseEditorField):
    """Formatted text. What is stored went through `sanitizer.clean`, whatever the way in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", dict(EXTENSIONS))
        kwargs.setdefault("sanitize", clean)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean(value)
            setattr(model_instance, self.attname, value)
        return value

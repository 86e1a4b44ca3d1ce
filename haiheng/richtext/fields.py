from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django_prose_editor.fields import ProseEditorField

from haiheng.richtext.extensions import EXTENSIONS
from haiheng.richtext.items import linked
from haiheng.richtext.sanitizer import clean
from haiheng.richtext.widgets import RichTextWidget


class _Cleaned(str):
    """A text that went through the sanitiser in this very save."""

    __slots__ = ()


class RichTextField(ProseEditorField):
    """Formatted text. What is stored went through `sanitizer.clean`, whatever the way in."""

    # Differences between versions are shown in words, not in tags.
    holds_html = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", dict(EXTENSIONS))
        kwargs.setdefault("sanitize", clean)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{**kwargs, "widget": RichTextWidget})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = super().pre_save(model_instance, add)
        if not isinstance(value, str):
            return value
        value = linked(clean(value))
        setattr(model_instance, self.attname, value)
        return _Cleaned(value)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        # `update()` and `bulk_update()` never ask pre_save.
        if isinstance(value, str):
            value = str(value) if isinstance(value, _Cleaned) else clean(value)
        return super().get_db_prep_save(value, connection)

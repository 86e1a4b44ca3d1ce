"""The text editor in the admin: the package's own, with our links, pictures, tables and pasting."""

from typing import Any

from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media

# Each exports the parts of the editor that it replaces.
_PARTS = ("links", "pictures", "tables", "labels")
_modules = ImportMap({f"haiheng-editor/{name}": f"richtext/{name}.js" for name in (*_PARTS, "dialog", "paste")})


class RichTextWidget(AdminProseEditorWidget):
    @property
    def media(self) -> Media:
        return super().media + Media(importmap=_modules, css={"all": ["richtext/editor.css"]})

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "js_modules": [f"haiheng-editor/{name}" for name in _PARTS]}

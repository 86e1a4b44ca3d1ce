"""What a text may hold: one list, from which the editor's buttons and the sanitiser's allow-list both follow."""

from typing import Any

from django.urls import reverse_lazy
from django_prose_editor.config import allowlist_from_extensions

PROTOCOLS = ["http", "https", "mailto", "tel"]

# Every part of a part by hand (ListItem, TableRow …): the editor's package no longer adds them itself.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": {
        "enableTarget": False,
        "protocols": PROTOCOLS,
        "itemsUrl": reverse_lazy("admin:dashboard_board_items"),
    },
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Figure": {"pickerUrl": reverse_lazy("admin:images_picture_picker")},
    "Caption": True,
    "Image": True,
    "SpecialCharacters": True,
    "HTML": True,
}


def allow_list() -> dict[str, Any]:
    """What nh3 lets through: follows EXTENSIONS, and the caption that our own Table adds to the editor."""
    allowed = allowlist_from_extensions(EXTENSIONS)
    if "Table" in EXTENSIONS:
        allowed["tags"].add("caption")
    # Which item of the site a link leads to: see `items`.
    allowed["attributes"]["a"].add("data-item")
    return allowed

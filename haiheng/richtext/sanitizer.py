"""Makes any HTML safe and valid."""

import nh3
from django_prose_editor.config import allowlist_from_extensions

from haiheng.richtext.extensions import EXTENSIONS

_cleaner = nh3.Cleaner(**allowlist_from_extensions(EXTENSIONS))


def clean(html: str) -> str:
    return _cleaner.clean(html)

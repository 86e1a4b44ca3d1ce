"""One style sheet from many small files: `css/site.css` is put together when static files are found or collected."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

NAME = "css/site.css"
# The order of the layers stands in tokens.css, so it comes first.
FIRST, LAST = ("tokens.css", "reset.css", "base.css", "layout.css"), ("utilities.css", "print.css")
FOLDERS = ("parts", "pages")


def sources() -> list[Path]:
    """The files in their order."""
    folder = Path(settings.BASE_DIR) / "static" / "css"
    between = [path for name in FOLDERS for path in sorted((folder / name).glob("*.css"))]
    return [*(folder / name for name in FIRST), *between, *(folder / name for name in LAST)]


def bundle() -> str:
    """All files in one, without comments and indentation."""
    text = "".join(path.read_text(encoding="utf-8") for path in sources())
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,]) ?", r"\1", text).strip()


class BundleFinder(BaseFinder):
    """Finds the one file that exists nowhere on disk."""

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        if path != NAME:
            return []
        # Django's development server serves files, not text.
        file = Path(settings.DATA_DIR) / "site.css"
        file.write_text(bundle(), encoding="utf-8")
        return [str(file)] if find_all else str(file)

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, Any]]:
        storage = InMemoryStorage()
        storage.save(NAME, ContentFile(bundle().encode()))
        yield NAME, storage

"""Pictures and documents of the demo content, through the same intake as everybody else's."""

import re
from html import escape
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage

from haiheng.demo.ledger import DOCUMENTS, PICTURES, Ledger
from haiheng.documents.intake import add_document
from haiheng.documents.models import Document
from haiheng.drawings import catalogue
from haiheng.images.intake import add_picture
from haiheng.images.models import Picture

VIEWS = {
    "side": {"en": "side elevation", "zh-hans": "侧视图"},
    "front": {"en": "front view", "zh-hans": "前视图"},
    "rear": {"en": "rear view", "zh-hans": "后视图"},
    "plan": {"en": "seats from above", "zh-hans": "座椅俯视图"},
}
DETAIL = {"en": "detail of the drawing", "zh-hans": "图纸局部"}
DOCUMENT_TITLES = {
    "specification": {"en": "Specification sheet {code}", "zh-hans": "{code} 规格表"},
    "side-elevation": {"en": "Side elevation {code}", "zh-hans": "{code} 侧视图"},
}
_FIGURE = re.compile(r'<figure data-drawing="([a-z0-9-]+)">(.*?)</figure>', re.DOTALL)


def picture(ledger: Ledger, drawing: str, view: str) -> Picture | None:
    """The picture of a drawing, or None where no file of it ships."""
    path = PICTURES / f"{drawing}-{view}.png"
    if not path.is_file():
        return None
    return ledger.once(Picture, f"picture:{path.stem}", _add_picture, path, drawing, view)


def cover(ledger: Ledger, drawing: str, crop: str) -> Picture | None:
    """The crop that an article asks for, or the whole drawing."""
    return picture(ledger, drawing, crop) or picture(ledger, drawing, "side")


def _add_picture(path: Path, drawing: str, view: str) -> Picture:
    model = catalogue.KEYS.get(drawing, drawing.upper())
    words = VIEWS.get(view, DETAIL)
    alt = {"en": f"{model}, {words['en']}", "zh-hans": f"{model} {words['zh-hans']}"}
    with path.open("rb") as stream:
        return add_picture(File(stream, name=path.name), name=path.name, alt=alt)


def documents(ledger: Ledger, code: str) -> list[Document]:
    """The files that ship for a model: `hh-6-specification-en.pdf`, `hh-6-side-elevation.pdf`."""
    found = []
    for path in sorted(DOCUMENTS.glob(f"{code.lower()}-*.pdf")):
        rest = path.stem.removeprefix(f"{code.lower()}-")
        kind = next((kind for kind in DOCUMENT_TITLES if rest.startswith(kind)), None)
        if kind is None:  # HH-12 also finds the files of a model HH-12-something
            continue
        language = rest.removeprefix(kind).strip("-")
        titles = {lang: title.format(code=code) for lang, title in DOCUMENT_TITLES[kind].items()}
        document = ledger.once(Document, f"document:{path.stem}", _add_document, path, titles, language)
        if document is not None:
            found.append(document)
    return found


def _add_document(path: Path, titles: dict[str, str], language: str) -> Document:
    with path.open("rb") as stream:
        return add_document(File(stream, name=path.name), name=path.name, titles=titles, language=language)


def with_figures(ledger: Ledger, body: str, language: str) -> str:
    """The body with the pictures of its figures; a figure whose picture does not ship is left out."""

    def figure(found: re.Match[str]) -> str:
        shown = picture(ledger, found[1], "side")
        if shown is None:
            return ""
        url = escape(default_storage.url(shown.file.name))
        return f'<figure><img src="{url}" alt="{escape(shown.text("alt", language))}">{found[2]}</figure>'

    return _FIGURE.sub(figure, body).strip()

"""The pictures, files, reusable blocks and addresses that texts of an export refer to."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from haiheng.documents.intake import add_document
from haiheng.documents.models import Document
from haiheng.images.intake import add_picture
from haiheng.images.models import Picture
from haiheng.importing.models import ImportedItem
from haiheng.importing.wordpress.files import Files
from haiheng.importing.wordpress.reading import Item
from haiheng.importing.wordpress.texts import Shown
from haiheng.redirects import paths
from haiheng.richtext import plain

logger = logging.getLogger(__name__)

_DOCUMENTS = (".pdf", ".docx", ".xlsx", ".zip")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".heic", ".jpe", ".jfif")
_MB = 1_000_000


@dataclass
class Attachment:
    path: str
    alt: str = ""
    caption: str = ""
    parent: str = ""

    @classmethod
    def of(cls, item: Item) -> "Attachment":
        return cls(
            item.meta.get("_wp_attached_file") or item.attachment_url or item.guid,
            " ".join(plain.text(item.meta.get("_wp_attachment_image_alt", "")).split())[:300],
            " ".join(plain.text(item.excerpt).split())[:500],
            item.post_parent,
        )

    @property
    def is_picture(self) -> bool:
        return self.path.lower().endswith(_PICTURES)


@dataclass
class WordPressLibrary:
    """Adds what is found to the site's own library, each file once; with `dry` nothing is added."""

    source: str
    files: Files
    language: str
    host: str
    dry: bool
    attachments: dict[str, Attachment] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    # Present paths of the items by their number in WordPress, and by the key of their old address.
    by_number: dict[str, str] = field(default_factory=dict)
    by_address: dict[str, str] = field(default_factory=dict)
    # Why files were refused, by name.
    refused: dict[str, str] = field(default_factory=dict)

    def picture(self, *, attachment: str, address: str, alt: str) -> Shown | None:
        known = self.attachments.get(attachment)
        name = (self.files.find(known.path) if known else None) or (self.files.find(address) if address else None)
        if name is None:
            return None
        alt = alt or (known.alt if known else "")
        caption = known.caption if known else ""
        if self.dry:
            return Shown(0, f"{settings.MEDIA_URL}pictures/0.jpg", alt, caption)
        picture = self._add_picture(name, alt, caption)
        return Shown(picture.pk, default_storage.url(picture.file.name), alt, caption) if picture else None

    def cover(self, number: str) -> Picture | None:
        """The featured picture of a post."""
        known = self.attachments.get(number)
        name = self.files.find(known.path) if known else None
        return self._add_picture(name, known.alt, known.caption) if known and name and not self.dry else None

    def gallery(self, numbers: Sequence[str], post: str) -> list[Shown | str]:
        """The pictures named, or all that are attached to the post; of those that are not there, their names."""
        chosen = list(numbers) or [
            number for number, each in self.attachments.items() if each.parent == post and each.is_picture
        ]
        found: list[Shown | str] = []
        for number in chosen:
            shown = self.picture(attachment=number, address="", alt="")
            known = self.attachments.get(number)
            found.append(shown or (known.path if known else f"#{number}"))
        return found

    def block(self, number: str) -> str:
        return self.blocks.get(number, "")

    def link(self, address: str) -> str:
        """Where a link of the former site leads today; "" for one that stays as it is."""
        parts = urlsplit(address)
        if parts.scheme not in {"", "http", "https"} or (parts.netloc and bare_host(address) != self.host):
            return ""
        query = parse_qs(parts.query)
        number = next((query[name][0] for name in ("p", "page_id") if name in query), "")
        found = self.by_number.get(number)
        if found is None and parts.path.strip("/"):
            try:
                found = self.by_address.get(paths.key(paths.decoded(parts.path)))
            except ValidationError:
                return ""
        if found is not None:
            return paths.location(found) + (f"#{parts.fragment}" if parts.fragment else "")
        return self._document(parts.path) if parts.path.lower().endswith(_DOCUMENTS) else ""

    def _add_picture(self, name: str, alt: str, caption: str) -> Picture | None:
        known = self._known(name)
        if known is not None:
            return Picture.objects.filter(pk=known.object_id).first()
        data = self.files.read(name, settings.PICTURE_MAX_MB * _MB)
        shown = name.replace("\\", "/").rpartition("/")[2]
        try:
            texts = {self.language: alt} if alt else {}
            picture = add_picture(ContentFile(data, name=shown), name=shown, alt=texts)
        except ValidationError as error:
            self.refused[shown] = " ".join(error.messages)
            return None
        if caption:
            text, _created = picture.translations.get_or_create(language_code=self.language)
            text.caption = caption
            text.save()
        self._remember(name, picture)
        return picture

    def _document(self, path: str) -> str:
        name = self.files.find(path)
        if name is None or self.dry:
            return ""
        known = self._known(name)
        document = Document.objects.filter(pk=known.object_id).first() if known else None
        if document is None:
            data = self.files.read(name, settings.DOCUMENT_MAX_MB * _MB)
            shown = name.replace("\\", "/").rpartition("/")[2]
            try:
                document = add_document(ContentFile(data, name=shown), name=shown)
            except ValidationError as error:
                self.refused[shown] = " ".join(error.messages)
                return ""
            self._remember(name, document)
        return document.url

    def _known(self, name: str) -> ImportedItem | None:
        return ImportedItem.objects.filter(source=self.source, key=f"file:{name}"[:200]).first()

    def _remember(self, name: str, thing: Picture | Document) -> None:
        ImportedItem.objects.update_or_create(
            source=self.source,
            key=f"file:{name}"[:200],
            defaults={"model": thing._meta.label_lower, "object_id": thing.pk},
        )


def bare_host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

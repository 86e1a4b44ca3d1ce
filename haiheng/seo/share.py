"""The picture that messengers show with a link: drawing or cover, title and company, in the page's language.

A page names it by a digest of all that it shows. It is drawn when somebody asks for it: pages themselves wait for
nothing.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.seo import share_drawing, share_store
from haiheng.seo.head import ShareImage

# Raise it when the look changes.
_EDITION = 1
SITE = "site"
_SITE_DRAWING = "hh-12"
_ONLY = 1


@dataclass(frozen=True)
class Card:
    """What a share picture shows. `kind` and `number` are the item's, `code` a model number, `drawing` its key."""

    kind: str
    number: int
    title: str
    code: str = ""
    drawing: str = ""
    cover: Picture | None = None

    @property
    def alt(self) -> str:
        return f"{self.code}, {self.title}" if self.code else self.title


# Kind of item → the card of the public item with this number in the active language, if there is one.
Sources = Mapping[str, Callable[[int], Card | None]]


def site_card() -> Card:
    """Of the home page, and of every page that has no picture of its own: what the company does, and a bus."""
    profile = CompanyProfile.load()
    return Card(SITE, _ONLY, profile.text("tagline") or profile.shown_name, drawing=_SITE_DRAWING)


def public_site(number: int) -> Card | None:
    return site_card() if number == _ONLY else None


def share_image(card: Card) -> ShareImage:
    return ShareImage(absolute(address(card)), share_drawing.WIDTH, share_drawing.HEIGHT, card.alt)


def address(card: Card) -> str:
    parts = {"language": current_language(), "kind": card.kind, "number": card.number, "digest": digest(card)}
    return reverse("share_picture", kwargs=parts)


def digest(card: Card) -> str:
    """Of everything that can be seen."""
    cover = _cover(card)
    shown = (
        _EDITION,
        current_language(),
        card.title,
        card.code,
        card.drawing,
        cover,
        CompanyProfile.load().short_name,
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:24]


def jpeg(card: Card) -> bytes:
    """The picture, drawn at most once. Raises `share_store.Busy` while too many others are being drawn."""
    return share_store.kept(
        digest(card),
        lambda: share_drawing.jpeg(
            title=card.title,
            code=card.code,
            drawing=card.drawing,
            cover=_cover(card),
            company=CompanyProfile.load().short_name,
            language=current_language(),
        ),
    )


def _cover(card: Card) -> share_drawing.Cover | None:
    if card.cover is None or card.drawing:
        return None
    return share_drawing.Cover(str(card.cover.file.name), (round(card.cover.focal_x, 4), round(card.cover.focal_y, 4)))

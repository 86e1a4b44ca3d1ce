"""What a page says about itself to browsers, search engines and messengers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from haiheng.addresses import absolute


@dataclass(frozen=True)
class Crumb:
    """One step of the trail; an empty address is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class ShareImage:
    """A picture for messengers and social networks, at most 300 KB."""

    url: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True)
class FeedLink:
    title: str
    url: str


@dataclass(frozen=True)
class PageHead:
    """Every public view passes one as `head`. Addresses are paths; they leave as absolute ones.

    `alternates` maps language codes to paths, of translations that exist and are ready. `section` marks the
    navigation: products, news, company or contact.
    """

    title: str
    description: str = ""
    canonical: str = ""
    alternates: Mapping[str, str] = field(default_factory=dict)
    breadcrumbs: Sequence[Crumb] = ()
    section: str = ""
    kind: str = "website"
    image: ShareImage | None = None
    jsonld: Sequence[Mapping[str, Any]] = ()
    feeds: Sequence[FeedLink] = ()
    noindex: bool = False
    published: str = ""
    modified: str = ""
    # What the language switch carries along, like the filters of a list; addresses for machines are without it.
    query: str = ""
    # The enquiry form stands on this page: the header's button leads to it.
    form_here: bool = False
    # A title that already holds the company's name.
    whole_title: bool = False

    @property
    def canonical_url(self) -> str:
        return absolute(self.canonical) if self.canonical else ""

    @property
    def hreflang(self) -> list[tuple[str, str]]:
        """(code, absolute address), reciprocal on all of them, and x-default; nothing where only one exists.

        A page that is none of them, like the second one of a list, names none: they would not name it.
        """
        if len(self.alternates) < 2 or self.canonical not in self.alternates.values():
            return []
        found = [(code, absolute(path)) for code, path in self.alternates.items()]
        default = self.alternates.get(settings.LANGUAGE_CODE)
        return [*found, ("x-default", absolute(default))] if default else found

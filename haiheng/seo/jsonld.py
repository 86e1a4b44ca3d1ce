"""schema.org objects as dictionaries. Only what is known is said; empty values are left out."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static

from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.images.markup import fallback
from haiheng.seo.head import Crumb

Thing = dict[str, Any]


def thing(kind: str, **values: object) -> Thing:
    """An object of a schema.org type without its empty values."""
    return {"@type": kind, **{name: value for name, value in values.items() if value not in (None, "", [], {})}}


def document(item: Mapping[str, Any]) -> Thing:
    return {"@context": "https://schema.org", **item}


def organization(profile: CompanyProfile) -> Thing:
    return thing(
        "Organization",
        **{"@id": absolute("/#organization")},
        name=profile.legal_name or profile.shown_name,
        alternateName=profile.text("name"),
        url=absolute("/"),
        logo=_logo(profile),
        email=profile.email,
        telephone=profile.telephone or profile.whatsapp,
        address=profile.text("address"),
        foundingDate=str(profile.founding_year or ""),
        identifier=profile.registration_number,
        sameAs=[url for url in (profile.facebook_url,) if url],
    )


def _logo(profile: CompanyProfile) -> str:
    """Its address; without one, that of the seal that pages show. Both may lie on a host for files."""
    path = fallback(profile.logo, "natural").url if profile.logo else static("img/seal.svg")
    return urljoin(settings.SITE_URL, path)


def website(name: str, search_path: str, language: str) -> Thing:
    return thing(
        "WebSite",
        **{"@id": absolute("/#website")},
        name=name,
        url=absolute("/"),
        inLanguage=language,
        publisher={"@id": absolute("/#organization")},
        potentialAction={
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(search_path)}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    )


def breadcrumbs(crumbs: Sequence[Crumb], here: str = "") -> Thing:
    """The trail; `here` is the path of the page itself, for a last crumb without an address."""
    items = [
        thing("ListItem", position=place, name=crumb.label, item=absolute(path) if (path := crumb.url or here) else "")
        for place, crumb in enumerate(crumbs, start=1)
    ]
    return thing("BreadcrumbList", itemListElement=items)

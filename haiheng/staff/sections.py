"""What the sidebar of the admin shows, and in which order."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    name: Promise
    # Labels of apps, each with the models that come first; the others follow by name.
    apps: dict[str, tuple[str, ...]]


SECTIONS = (
    Section(
        _("Enquiries"),
        {"enquiries": ("Enquiry", "Contact", "SavedReply", "AssignmentRule"), "mail": ("OutgoingMail",)},
    ),
    Section(_("Catalogue"), {"products": ("Product", "Category")}),
    Section(_("News"), {"news": ("Article", "Category", "Tag")}),
    Section(
        _("Site"),
        {
            "dashboard": (),
            "home": (),
            "pages": (),
            "images": (),
            "documents": (),
            "company": (),
            "importing": (),
            "redirects": ("Redirect", "UnknownAddress", "Pattern", "FormerNumber"),
            "seo": (),
            "search": (),
            "visits": (),
        },
    ),
    Section(_("Staff"), {"accounts": ("User",), "auth": ("Group",)}),
)
# Apps that nobody has placed stand here, so that nothing registered is ever out of reach.
OTHER = Section(_("Other"), {})


def section_of(app_label: str) -> Section:
    return next((section for section in SECTIONS if app_label in section.apps), OTHER)


def _model_order(section: Section, app: dict[str, Any], model: dict[str, Any]) -> tuple[int, int, str]:
    labels, first = list(section.apps), section.apps.get(app["app_label"], ())
    name = model["object_name"]
    app_place = labels.index(app["app_label"]) if app["app_label"] in labels else len(labels)
    return app_place, first.index(name) if name in first else len(first), str(model["name"]).lower()


def arrange(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return Django's list of apps gathered into our sections, in their order, without empty ones."""
    found: list[dict[str, Any]] = []
    for section in (*SECTIONS, OTHER):
        members = [app for app in apps if section_of(app["app_label"]) is section]
        models = [(_model_order(section, app, model), model) for app in members for model in app["models"]]
        if models:
            labels = list(section.apps)
            members.sort(key=lambda app: labels.index(app["app_label"]) if app["app_label"] in labels else 0)
            ordered = [model for _order, model in sorted(models, key=lambda pair: pair[0])]
            found.append({**members[0], "name": section.name, "models": ordered})
    return found

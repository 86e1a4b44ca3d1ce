"""The roles, and what each may do. Applied after every migration, so that an upgrade brings new areas along."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VIEW = ("view",)
# "publish" exists for articles, products and pages: making them public, and taking them down.
ALL = ("view", "add", "change", "delete", "publish")

# App, or app.model, and what may be done there. Tables of an app that have no page of their own (rows within a
# form) follow their app.
Grants = dict[str, tuple[str, ...]]

_CONTENT: Grants = {
    "search.failedsearch": ("view", "delete"),
    **dict.fromkeys(("news", "pages", "home", "products", "images", "documents", "redirects", "importing"), ALL),
    "dashboard.board": VIEW,
}
_SELLING: Grants = {
    "enquiries.enquiry": ("view", "add", "change"),
    "enquiries.contact": ("view", "change"),
    "enquiries.incomingmail": ("view", "change"),
    "enquiries.savedreply": ALL,
    # "change" is the right to send a mail again.
    "mail.outgoingmail": ("view", "change"),
}


@dataclass(frozen=True)
class Role:
    # Name of the group in the database: it stays, whatever language is spoken.
    key: str
    label: Promise
    task: Promise
    grants: Grants


ROLES = (
    Role("Editor", _("Editor"), _("News, pages, products, pictures and documents; no enquiries."), _CONTENT),
    Role(
        "Sales",
        _("Sales"),
        _("Enquiries, contacts, saved replies and outgoing mails; sees products and documents."),
        {**_SELLING, "products": VIEW, "documents": VIEW},
    ),
    Role(
        "Manager",
        _("Manager"),
        _("Both, and exports, erasures, the company’s profile, visits and members of staff."),
        {
            **_CONTENT,
            **_SELLING,
            "enquiries.enquiry": ("view", "add", "change", "export", "see_every"),
            "enquiries.contact": ("view", "change", "erase"),
            "enquiries.erasure": VIEW,
            "enquiries.assignmentrule": ALL,
            "company": ALL,
            "visits": VIEW,
            # People who leave are made inactive: what they did stays theirs.
            "accounts.user": ("view", "add", "change"),
        },
    ),
)
ROLE_BY_KEY = {role.key: role for role in ROLES}


def permissions_of(role: Role) -> Iterator[Permission]:
    """The permissions that exist for what the role was granted."""
    for permission in Permission.objects.select_related("content_type"):
        app, model = permission.content_type.app_label, permission.content_type.model
        actions = role.grants.get(f"{app}.{model}", role.grants.get(app, ()))
        if permission.codename in {f"{action}_{model}" for action in actions}:
            yield permission


def apply() -> None:
    """Make the roles, and give each exactly its permissions; other groups are the administrators' own."""
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.key)
        group.permissions.set(permissions_of(role))


def label_of(group: Group) -> str:
    role = ROLE_BY_KEY.get(group.name)
    return str(role.label) if role else group.name

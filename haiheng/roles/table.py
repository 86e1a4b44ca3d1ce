"""Who gets which answer from which page of the admin: the one table of decisions.

Letters: E Editor, S Sales, M Manager, A administrator (superuser). Everybody else is refused. A test walks every
address and action that the admin has and compares; a page without a row here fails it.
"""

from dataclasses import dataclass, field, replace

ROLE_LETTERS = {"E": "Editor", "S": "Sales", "M": "Manager", "A": "Administrator"}
CONTENT, SELLING, MANAGING, ADMINISTRATORS, NOBODY = "EMA", "SMA", "MA", "A", ""


@dataclass(frozen=True)
class Row:
    """`view` opens list, form and history; `change` saves the form. `own` are the pages that only this kind has."""

    view: str
    add: str
    change: str
    delete: str
    own: dict[str, str] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)


def everything(letters: str, *, own: dict[str, str] | None = None, actions: dict[str, str] | None = None) -> Row:
    deleting = {"delete_selected": letters}
    return Row(letters, letters, letters, letters, own or {}, {**deleting, **(actions or {})})


def _with_history(row: Row) -> Row:
    """Whoever may change a thing may bring an earlier version back, undo, and say that the form is open."""
    return replace(row, own={**row.own, **dict.fromkeys(("restore_version", "undo", "editing"), row.change)})


def _with_actions(row: Row, **actions: str) -> Row:
    return replace(row, actions={**row.actions, **actions})


def _publishing(letters: str) -> Row:
    actions = dict.fromkeys(("publish_now", "back_to_draft", "out_of_the_trash"), letters)
    return _with_history(
        everything(
            letters,
            own=dict.fromkeys(("delete_translation", "preview", "preview_new", "link"), letters),
            actions=actions,
        )
    )


def _seen_by_all(row: Row) -> Row:
    return replace(row, view=_ALL_SEE)


_TRANSLATED = {"delete_translation": CONTENT}
_ALL_SEE = "ESMA"

MODELS = {
    "enquiries.enquiry": Row(
        SELLING, SELLING, SELLING, NOBODY,
        own={"hand_over": MANAGING, "export": MANAGING}
        | dict.fromkeys(("undo", "unread", "preview", "mail", "draft", "presence", "do", "attachment"), SELLING),
        actions=dict.fromkeys(("assign_them", "close_them", "spam_them", "release_them"), SELLING),
    ),
    "enquiries.contact": Row(
        SELLING, NOBODY, SELLING, NOBODY, own={"erase": MANAGING}, actions={"merge": SELLING}
    ),
    "enquiries.erasure": Row(MANAGING, NOBODY, NOBODY, NOBODY),
    "enquiries.incomingmail": Row(
        SELLING, NOBODY, SELLING, NOBODY,
        own=dict.fromkeys(("original", "file", "belongs", "make_enquiry", "ignore"), SELLING),
        actions={"ignore_them": SELLING},
    ),
    "enquiries.savedreply": everything(SELLING),
    "enquiries.assignmentrule": everything(MANAGING),
    # Nobody edits what was said.
    "mail.outgoingmail": Row(
        SELLING, NOBODY, NOBODY, NOBODY, own={"send_again": SELLING}, actions={"send_again": SELLING}
    ),
    "news.article": _publishing(CONTENT),
    "news.category": _with_history(everything(CONTENT, own=_TRANSLATED)),
    "news.tag": everything(CONTENT, own={"suggestions": CONTENT}),
    "pages.page": _publishing(CONTENT),
    "dashboard.board": Row(CONTENT, NOBODY, NOBODY, NOBODY, own={"wave": MANAGING, "items": CONTENT}),
    "home.block": _with_history(everything(CONTENT, own=_TRANSLATED)),
    "products.product": _seen_by_all(_with_actions(_publishing(CONTENT), copy_them=CONTENT)),
    "products.category": _seen_by_all(_with_history(everything(CONTENT, own={"rows": _ALL_SEE, **_TRANSLATED}))),
    "products.specificationgroup": _seen_by_all(everything(CONTENT, own=_TRANSLATED)),
    "products.specification": _seen_by_all(everything(CONTENT, own=_TRANSLATED)),
    "products.specificationchoice": _seen_by_all(everything(CONTENT, own=_TRANSLATED)),
    "products.remark": _seen_by_all(everything(CONTENT, own=_TRANSLATED)),
    "images.picture": _with_history(
        Row(
            CONTENT, CONTENT, CONTENT, CONTENT,
            own={"picker": CONTENT, "replace": CONTENT, **_TRANSLATED},
            actions={"make_again": CONTENT},
        )
    ),
    "documents.document": Row(_ALL_SEE, CONTENT, CONTENT, CONTENT, _TRANSLATED),
    "redirects.redirect": everything(CONTENT, own={"import": CONTENT}),
    "redirects.pattern": everything(CONTENT),
    "redirects.formernumber": everything(CONTENT),
    # A report is read, not edited.
    "importing.importrun": Row(CONTENT, CONTENT, NOBODY, CONTENT, own={"start": CONTENT, "blank": CONTENT}),
    # They come by themselves, and go.
    "redirects.unknownaddress": Row(
        CONTENT, NOBODY, CONTENT, CONTENT,
        own={"accept": CONTENT}, actions={"accept_proposals": CONTENT, "delete_selected": CONTENT},
    ),
    # There is one profile: nothing to add, nothing to delete.
    "company.companyprofile": _with_history(Row(MANAGING, NOBODY, MANAGING, NOBODY, {"delete_translation": NOBODY})),
    "company.holiday": everything(MANAGING),
    # Whoever has written what was looked for takes the words off the list.
    "search.failedsearch": Row(CONTENT, NOBODY, NOBODY, CONTENT, actions={"delete_selected": CONTENT}),
    "visits.viewcount": Row(MANAGING, NOBODY, NOBODY, NOBODY),
    "visits.dailyviews": Row(MANAGING, NOBODY, NOBODY, NOBODY),
    "accounts.user": Row(
        MANAGING, MANAGING, MANAGING, ADMINISTRATORS,
        own={"password_change": MANAGING},
        actions={
            "send_password_link": MANAGING, "sign_out_everywhere": MANAGING, "delete_selected": ADMINISTRATORS,
        },
    ),
    "auth.group": everything(ADMINISTRATORS),
}  # fmt: skip

# Pages of the admin as a whole: open to all staff (they show each what he or she may see), or to everybody.
FOR_ALL_STAFF = {"index", "password_change", "password_change_done", "autocomplete", "view_on_site", "app_list"}
FOR_EVERYBODY = {"login", "logout", "jsi18n"}

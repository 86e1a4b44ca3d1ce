"""Brings an export of WordPress in: twice through the file, first for what texts refer to, then item by item."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haiheng.importing.report import Entry, Outcome, Report
from haiheng.importing.wordpress import reading
from haiheng.importing.wordpress.files import Files
from haiheng.importing.wordpress.library import Attachment, WordPressLibrary, bare_host
from haiheng.importing.wordpress.posts import LEFT_OUT, Post, Posts
from haiheng.importing.wordpress.reading import Channel, Item, NotReadable

_SHOWN_PICTURES = 5


@dataclass
class Survey:
    """What the first reading finds."""

    channel: Channel | None = None
    attachments: dict[str, Attachment] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    items: int = 0
    fault: str = ""


def bring_in(path: Path, pictures: Path | None, language: str, *, dry: bool) -> Report:
    """Posts become articles, pages pages. With `dry` nothing is written. Never raises for what the file holds."""
    try:
        files = Files(pictures)
    except ValidationError as error:
        return Report.refusal(*error.messages)
    survey = _survey(path)
    if survey.channel is None or not survey.items:
        return Report.refusal(survey.fault or _("There is no post and no page in the file."))
    report = Report(notes=[survey.fault] if survey.fault else [])
    source = f"wordpress:{survey.channel.link}"[:200]
    library = WordPressLibrary(
        source, files, language, bare_host(survey.channel.link), dry, survey.attachments, survey.blocks
    )
    posts = Posts(source, survey.channel, library, language)
    if not dry:
        for item in _items(path):
            # One item that cannot be written stops no other; writing it tells why.
            with contextlib.suppress(DatabaseError):
                posts.make_room(item)
    posts.learn_addresses(_items(path))
    for item in _items(path):
        report.add(_brought(posts, item, dry=dry))
    if not dry:
        posts.redirect_terms()
    report.notes += _about(survey, library)
    return report


def _survey(path: Path) -> Survey:
    found = Survey()
    with path.open("rb") as stream:
        try:
            for each in reading.read(stream):
                if isinstance(each, Channel):
                    found.channel = each
                elif each.post_type == "attachment":
                    found.attachments[each.post_id] = Attachment.of(each)
                elif each.post_type == "wp_block":
                    found.blocks[each.post_id] = each.content
                elif _is_content(each):
                    found.items += 1
                else:
                    found.others[each.post_type or "?"] += 1
        except NotReadable as error:
            found.fault = str(error)
    return found


def _items(path: Path) -> Iterator[Item]:
    """Posts and pages, up to a fault of the file; the survey has told of it."""
    with path.open("rb") as stream:
        try:
            for each in reading.read(stream):
                if isinstance(each, Item) and _is_content(each):
                    yield each
        except NotReadable:
            return


def _is_content(item: Item) -> bool:
    return item.post_type in {"post", "page"} and bool(item.post_id)


def _brought(posts: Posts, item: Item, *, dry: bool) -> Entry:
    post = Post(item, posts)
    entry = Entry(_("Line %(line)d") % {"line": item.line}, post.title[:120])
    if item.status in LEFT_OUT:
        entry.outcome = Outcome.LEFT_OUT.value
        entry.notes.append(_("state “%(state)s”") % {"state": item.status})
        return entry
    known = posts.known(post)
    if known is not None and posts.object_of(known) is None:
        entry.outcome = Outcome.LEFT_OUT.value
        entry.notes.append(_("It was deleted here after it had been brought in."))
        return entry
    if known is not None and known.digest == post.digest:
        entry.outcome = Outcome.SAME.value
        return entry
    is_new = known is None or not known.digest
    entry.outcome = Outcome.NEW.value if is_new else Outcome.CHANGED.value
    entry.notes = post.judge()
    if not dry:
        try:
            posts.write(post)
        except ValidationError as error:
            entry.fault(" ".join(error.messages))
        except DatabaseError as error:
            entry.fault(_("The database refused it: %(reason)s") % {"reason": str(error)[:200]})
    return entry


def _about(survey: Survey, library: WordPressLibrary) -> list[str]:
    notes = []
    if survey.others:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in survey.others.most_common(12))
        notes.append(_("Left out, for the site has nothing of the kind: %(kinds)s") % {"kinds": kinds})
    pictures = [each for each in survey.attachments.values() if each.is_picture]
    missing = [each.path for each in pictures if library.files.find(each.path) is None]
    if missing:
        text = ngettext(
            "%(count)d picture is not in the folder or archive: %(names)s",
            "%(count)d pictures are not in the folder or archive: %(names)s",
            len(missing),
        )
        notes.append(text % {"count": len(missing), "names": ", ".join(missing[:_SHOWN_PICTURES])})
    notes += [f"{name}: {reason}" for name, reason in library.refused.items()]
    return notes

"""Writing versions: one for each object and each save, whatever rows the save touched.

Within `recording()` every touched object gets its version in the same transaction. A save outside of it (a script, a
worker) is noticed by signals and recorded once its transaction is committed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from asgiref.local import Local
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from haiheng.history import snapshots
from haiheng.history.models import Event, Version

Root = tuple[type[models.Model], Any]

_here = Local()
# Loose saves of one hand within this time are one version: a script saves an object, then its texts, then its tags.
_ONE_MOMENT = timedelta(seconds=10)


@dataclass
class Recording:
    user: Any = None
    event: str = ""
    note: str = ""
    touched: dict[Root, None] = field(default_factory=dict)
    begun: set[Root] = field(default_factory=set)


@contextmanager
def recording(user: Any = None, *, event: str = "", note: str = "") -> Iterator[Recording]:
    """Everything within is one transaction and one version for each object; within another one it belongs to that."""
    outer: Recording | None = getattr(_here, "recording", None)
    if outer is not None:
        outer.event, outer.note = event or outer.event, note or outer.note
        yield outer
        return
    current = Recording(user, event, note)
    with transaction.atomic():
        _here.recording = current
        try:
            yield current
        finally:
            _here.recording = None
        for model, pk in current.touched:
            write(model, pk, user=current.user, event=current.event, note=current.note)


@contextmanager
def collecting() -> Iterator[list[Version]]:
    """The versions that are written within, by whatever way."""
    found: list[Version] = []
    _here.collected = found
    try:
        yield found
    finally:
        _here.collected = None


@contextmanager
def by(who: Callable[[], Any]) -> Iterator[None]:
    """Who acts, asked only when something is recorded."""
    _here.who = who
    try:
        yield
    finally:
        _here.who = None


def _acting() -> Any:
    who = getattr(_here, "who", None)
    user = who() if who else None
    return user if getattr(user, "pk", None) else None


def write(
    model: type[models.Model], pk: Any, *, user: Any = None, event: str = "", note: str = "", loose: bool = False
) -> Version | None:
    """A version of the object as it stands, unless nothing changed."""
    content = snapshots.take(model, pk)
    last = Version.objects.of(model, pk).newest_first().first()
    before = last.content if last is not None else None
    if content is None or (before is not None and snapshots.same(before, content)):
        return None
    user = user or _acting()
    event = event or (Event.CHANGED if last else Event.CREATED)
    if loose and last is not None and last.loose and _belongs(last, user):
        # Not in its place: whoever loaded the object before this change must be told of it.
        event = last.event
        last.delete()
    known = before["names"] if before is not None else {}
    version = _store(model, pk, content, known, user=user, event=event, note=note, loose=loose)
    _forget_oldest(model, pk)
    collected = getattr(_here, "collected", None)
    if collected is not None:
        collected[:] = [each for each in collected if each.pk is not None]
        collected.append(version)
    return version


def _belongs(last: Version, user: Any) -> bool:
    return last.user_id == getattr(user, "pk", None) and timezone.now() - last.at < _ONE_MOMENT


def _store(
    model: type[models.Model], pk: Any, content: snapshots.Content, known: dict[str, dict[str, str]], **values: Any
) -> Version:
    user = values["user"]
    return Version.objects.create(
        model=model._meta.label_lower,
        object_id=pk,
        user_name=str(user)[:150] if user else "",
        packed=Version.pack(snapshots.with_names(model, content, known)),
        **values,
    )


def _forget_oldest(model: type[models.Model], pk: Any) -> None:
    versions = Version.objects.of(model, pk)
    most = settings.HISTORY_VERSIONS
    for number in versions.newest_first().values_list("pk", flat=True)[most : most + 1]:
        versions.filter(pk__lte=number).delete()


# --- What the signals call ----------------------------------------------------


@dataclass(frozen=True)
class _LooseChange:
    root: Root

    def __call__(self) -> None:
        with transaction.atomic():
            write(*self.root, loose=True)


def before_change(root: Root, *, new: bool) -> None:
    """Keep how an object stood that has no history yet: made by a bulk import, or before histories were kept."""
    current: Recording | None = getattr(_here, "recording", None)
    if current is not None:
        if root in current.begun:
            return
        current.begun.add(root)
    elif _is_pending(root):
        return
    if not new and not Version.objects.of(*root).exists():
        _store_found(root)


def _store_found(root: Root) -> None:
    model, pk = root
    content = snapshots.take(model, pk)
    if content is None:
        return
    rows = model._base_manager.filter(pk=pk)
    dated = any(each.name == "updated_at" for each in model._meta.concrete_fields)
    at = rows.values_list("updated_at", flat=True).get() if dated else timezone.now()
    _store(model, pk, content, {}, user=None, event=Event.FOUND, at=at)


def after_change(root: Root) -> None:
    current: Recording | None = getattr(_here, "recording", None)
    if current is not None:
        current.touched[root] = None
        current.begun.add(root)
    elif not _is_pending(root):
        transaction.on_commit(_LooseChange(root))


def before_deletion(root: Root) -> None:
    """The last state, in the transaction of the deletion; nobody can ask for the earlier ones any more."""
    model, pk = root
    content = snapshots.take(model, pk)
    if content is not None:
        current: Recording | None = getattr(_here, "recording", None)
        user = (current.user if current else None) or _acting()
        Version.objects.of(model, pk).delete()
        _store(model, pk, content, {}, user=user, event=Event.DELETED)


def _is_pending(root: Root) -> bool:
    """Whether the transaction that is open will record this object anyway; undone savepoints take that back."""
    change = _LooseChange(root)
    return any(each[1] == change for each in connection.run_on_commit)

"""Working copies of live items, and rehearsals: a save that is looked at and rolled back.

A copy is what the history stores of an item, so it holds texts, tags, pictures and rows alike. It is shown by applying
it, rendering the form and rolling back; the form is then saved onto it the same way.
"""

import logging
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from haiheng.history import applying, merging, snapshots
from haiheng.history.recording import recording
from haiheng.history.snapshots import Content
from haiheng.publishing.models import Publishable, WorkingCopy

logger = logging.getLogger(__name__)
T = TypeVar("T")


class _RollBackError(Exception):
    pass


def rehearse(function: Callable[[], T], user: Any = None) -> T:
    """What `function` returns; whatever it wrote is rolled back, and nobody outside ever sees it."""
    result: list[T] = []
    try:
        with transaction.atomic(), recording(user):
            result.append(function())
            raise _RollBackError
    except _RollBackError:
        return result[0]


def copy_of(obj: models.Model) -> WorkingCopy | None:
    return WorkingCopy.objects.filter(model=obj._meta.label_lower, object_id=obj.pk).first()


def discard(obj: models.Model) -> None:
    WorkingCopy.objects.filter(model=obj._meta.label_lower, object_id=obj.pk).delete()


def content_of(copy: WorkingCopy, model: type[models.Model]) -> Content:
    """The item as it will be: the copy, with what became of the live item meanwhile where the copy left it alone."""
    theirs = snapshots.take(model, copy.object_id)
    if theirs is None:
        return copy.content
    merge = merging.merge(copy.base, theirs, copy.content)
    choices = {conflict.key: "mine" for conflict in merge.conflicts}
    return merging.merge(copy.base, theirs, copy.content, choices).content if choices else merge.content


def show(copy: WorkingCopy, model: type[models.Model]) -> None:
    """Make the item its copy; within a rehearsal only."""
    applying.apply(model, copy.object_id, content_of(copy, model))


def keep(obj: models.Model, content: Content, user: Any, publish_at: datetime | None) -> WorkingCopy:
    """Store what an item is to become. Its new rows get numbers that no stored row has, the same ones ever after."""
    live = snapshots.take(type(obj), obj.pk) or {}
    content = deepcopy(content)
    for name, rows in content["parts"].items():
        known = {row["pk"] for row in live["parts"].get(name, {}).values()}
        lowest = min([0, *(row["pk"] for row in rows.values())])
        for key, row in list(rows.items()):
            if row["pk"] in known or row["pk"] < 0:
                continue
            lowest -= 1
            if key == str(row["pk"]):
                rows[str(lowest)] = rows.pop(key)
            row["pk"] = lowest
    values = {
        "content": snapshots.with_names(type(obj), content, {}),
        "base": live,
        "saved_by": user,
        "publish_at": publish_at,
    }
    found, _created = WorkingCopy.objects.update_or_create(
        model=obj._meta.label_lower, object_id=obj.pk, defaults=values
    )
    return found


def apply_for_good(model: type[models.Model], pk: Any, content: Content) -> list[str]:
    """Write it as the item itself; what could not be written, in words. Call it within `recording()`."""
    content = deepcopy(content)
    for rows in content["parts"].values():
        for row in rows.values():
            if row["pk"] < 0:
                row["pk"] = None
    problems = applying.apply(model, pk, content)
    WorkingCopy.objects.filter(model=model._meta.label_lower, object_id=pk).delete()
    return problems


def publish_due() -> int:
    """Make the copies public whose moment has come; a job of the worker."""
    due = WorkingCopy.objects.filter(publish_at__lte=timezone.now()).order_by("publish_at")
    numbers = list(due.values_list("pk", flat=True))
    failures: list[Exception] = []
    for number in numbers:
        try:
            _publish(number)
        except Exception as error:
            failures.append(error)
    # Only now: one that cannot be published holds up no other, yet the job has failed and says so.
    if failures:
        raise failures[0]
    return len(numbers)


def _publish(number: int) -> None:
    with transaction.atomic():
        copy = WorkingCopy.objects.select_for_update().filter(pk=number, publish_at__lte=timezone.now()).first()
        if copy is None:
            return
        model = apps.get_model(copy.model)
        if not model._base_manager.filter(pk=copy.object_id, trashed_at__isnull=True).exists():
            # It waits in the trash with its item.
            WorkingCopy.objects.filter(pk=number).update(publish_at=None)
            return
        with recording(copy.saved_by):
            problems = apply_for_good(model, copy.object_id, content_of(copy, model))
        for problem in problems:
            logger.warning("A part of a working copy was not published", extra={"item": str(copy), "why": problem})


def forget(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    """Take an item's copy along where it is deleted for good."""
    if issubclass(sender, Publishable):
        discard(instance)

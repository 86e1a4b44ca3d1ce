"""Writes redirects so that each leads to its page in one hop: no chain, no loop, whatever is renamed how often."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from haiheng.pagecache import version
from haiheng.redirects import paths
from haiheng.redirects.models import FormerNumber, Origin, Redirect

_AT_ONCE = 400


def leave(before: str, after: str) -> None:
    """An item went from one decoded path to another: its old one leads there, and so does all that led to it."""
    with transaction.atomic():
        follow(before, after)
        if paths.key(before) != paths.key(after):
            Redirect.objects.update_or_create(
                path=paths.key(before),
                defaults={"target": after, "tail": paths.tail(before), "origin": Origin.MOVED},
            )


def follow(before: str, after: str) -> None:
    """Lead to the new path whatever leads to the old one."""
    with transaction.atomic():
        Redirect.objects.filter(target=before).update(target=after)
        FormerNumber.objects.filter(target=before).update(target=after)
        take(after)


def follow_below(before: str, after: str) -> None:
    """The same for everything below a category."""
    with transaction.atomic():
        for model in (Redirect, FormerNumber):
            rows = model._default_manager.filter(target__startswith=before)
            rows.update(target=Concat(Value(after), Substr("target", len(before) + 1)))
        Redirect.objects.filter(target=Concat(F("path"), Value("/"))).delete()


def take(path: str) -> None:
    """An item stands at this path now: nothing leads away from it any more."""
    Redirect.objects.filter(path=paths.key(path)).delete()


def final(path: str, target: str) -> str:
    """Where a redirect from `path` to `target` ends if it follows those that exist.

    Raises ValidationError if that is where it began.
    """
    seen = {path}
    while True:
        if paths.key(target) in seen:
            raise ValidationError(_("The redirect would lead back to where it began."))
        seen.add(paths.key(target))
        following = Redirect.objects.filter(path=paths.key(target)).values_list("target", flat=True).first()
        if following is None:
            return target
        target = following


def point(path: str, target: str, *, origin: str = Origin.STAFF) -> Redirect:
    """One redirect by hand or from a list, in place of one that existed. Raises ValidationError for a loop."""
    target = final(path, target)
    with transaction.atomic():
        redirect, _created = Redirect.objects.update_or_create(
            path=path, defaults={"target": target, "tail": "", "origin": origin}
        )
        collapse(redirect)
    return redirect


def collapse(redirect: Redirect) -> None:
    """What led to this redirect's old address leads to its target at once."""
    for rows in (Redirect.objects.exclude(pk=redirect.pk), FormerNumber.objects.all()):
        rows.filter(target__in=[redirect.path, f"{redirect.path}/"]).update(target=redirect.target)


def point_all(wanted: Mapping[str, str], *, origin: str) -> None:
    """Many redirects at once, of which none leads in a circle: `lists` has looked."""
    targets = [paths.key(target) for target in wanted.values()]
    with transaction.atomic():
        both = {**_leading(targets), **wanted}
        rows = [Redirect(path=old, target=end_of(target, both), origin=origin) for old, target in wanted.items()]
        Redirect.objects.bulk_create(
            rows,
            batch_size=_AT_ONCE,
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["target", "tail", "origin"],
        )
        ends = {row.path: row.target for row in rows}
        for model in (Redirect, FormerNumber):
            _collapse_all(model, ends)
        transaction.on_commit(version.bump)


def number_all(series: str, wanted: Mapping[str, str]) -> None:
    """Many numbers of a former site at once."""
    with transaction.atomic():
        leading = _leading([paths.key(target) for target in wanted.values()])
        rows = [FormerNumber(series=series, number=old, target=end_of(to, leading)) for old, to in wanted.items()]
        FormerNumber.objects.bulk_create(
            rows,
            batch_size=_AT_ONCE,
            update_conflicts=True,
            unique_fields=["series", "number"],
            update_fields=["target"],
        )
        transaction.on_commit(version.bump)


def end_of(target: str, redirects: Mapping[str, str]) -> str:
    for _hop in range(len(redirects) + 1):
        following = redirects.get(paths.key(target))
        if following is None:
            return target
        target = following
    return target


def _leading(keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = Redirect.objects.filter(path__in=keys[start : start + _AT_ONCE])
        found.update(rows.values_list("path", "target"))
    return found


def _collapse_all(model: Any, ends: Mapping[str, str]) -> None:
    """What led to these old addresses leads to their targets at once."""
    keys = list(ends)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        rows = list(model._default_manager.filter(target__in=[*some, *(f"{key}/" for key in some)]))
        for row in rows:
            row.target = ends[paths.key(row.target)]
        model._default_manager.bulk_update(rows, ["target"], batch_size=_AT_ONCE)

"""Writes redirects so that each leads to its page in one hop: no chain, no loop, whatever is renamed how often."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from haiheng.redirects import paths
from haiheng.redirects.models import FormerNumber, Origin, Redirect


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

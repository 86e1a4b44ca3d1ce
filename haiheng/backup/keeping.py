"""Which backups stay: the newest of each of the last days and weeks that have one."""

from collections.abc import Iterable

from django.utils import timezone

from haiheng.backup.making import moment_of


def kept(names: Iterable[str], *, days: int, weeks: int) -> set[str]:
    """Of our own backups among `names`; the newest stays whatever the numbers say."""
    newest_first = sorted((moment, name) for name in names if (moment := moment_of(name)))[::-1]
    by_day: dict[str, str] = {}
    by_week: dict[str, str] = {}
    for moment, name in newest_first:
        by_day.setdefault(f"{timezone.localtime(moment):%Y-%m-%d}", name)
        by_week.setdefault(f"{timezone.localtime(moment):%G-%V}", name)
    return {*list(by_day.values())[: max(days, 1)], *list(by_week.values())[:weeks]}


def superfluous(names: Iterable[str], *, days: int, weeks: int) -> list[str]:
    """Those of our own that may go. Files of others are none of our business."""
    names = list(names)
    stay = kept(names, days=days, weeks=weeks)
    return sorted(name for name in names if moment_of(name) and name not in stay)

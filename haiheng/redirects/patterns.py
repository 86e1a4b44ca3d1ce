"""Patterns of addresses with placeholders, turned into expressions that match in one pass."""

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haiheng.redirects import paths

# Each is bounded and none can begin where the one before it ends: no input makes matching slow.
PLACEHOLDERS = {
    "number": "[0-9]{1,12}",
    "slug": r"[-\w]{1,120}",
    "year": "(?:19|20)[0-9]{2}",
    "month": "(?:0?[1-9]|1[0-2])",
    "day": "(?:0?[1-9]|[12][0-9]|3[01])",
    "any": "[^/]{1,200}",
}
MOST = 4
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check(pattern: str) -> set[str]:
    """The placeholders of a pattern. Raises ValidationError for the field `pattern`."""
    names = _PLACEHOLDER.findall(pattern)
    rest = _PLACEHOLDER.sub("", pattern)
    if unknown := sorted(set(names) - PLACEHOLDERS.keys()):
        _refuse(_("There is no placeholder {%(name)s}.") % {"name": unknown[0]})
    if "{" in rest or "}" in rest:
        _refuse(_("A brace is left over."))
    if len(names) != len(set(names)):
        _refuse(_("Each placeholder may stand here once."))
    if len(names) > MOST:
        _refuse(_("At most %(count)d placeholders.") % {"count": MOST})
    if "}{" in pattern:
        _refuse(_("Put a sign between two placeholders."))
    try:
        found = paths.decoded(pattern)
    except ValidationError as error:
        _refuse(error.messages[0])
    if not rest.strip("/") or any(f"{found}/".startswith(own) for own in paths.OWN_PREFIXES):
        _refuse(_("This would catch addresses of the site itself."))
    return set(names)


def check_target(target: str, names: set[str]) -> str:
    """The target as it is stored; its placeholders must be the pattern's. Raises ValidationError."""
    if unknown := sorted(set(_PLACEHOLDER.findall(target)) - names):
        raise ValidationError(_("The pattern has no placeholder {%(name)s}.") % {"name": unknown[0]})
    return paths.new_address(target)


@lru_cache(maxsize=500)
def compiled(pattern: str) -> re.Pattern[str]:
    """For keys of paths: small letters, no slash at the end."""
    parts = _PLACEHOLDER.split(paths.key(paths.decoded(pattern)))
    # Every second part is the name of a placeholder.
    return re.compile(
        "".join(f"(?P<{part}>{PLACEHOLDERS[part]})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    )


def match(pattern: str, path: str) -> dict[str, str] | None:
    """What stands in the places of the placeholders, or None."""
    found = compiled(pattern).fullmatch(path)
    return found.groupdict() if found else None


def filled(target: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda place: values.get(place[1], ""), target)


def _refuse(message: str) -> None:
    raise ValidationError({"pattern": message})

"""What staff may add to robots.txt."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIELDS = frozenset({"user-agent", "allow", "disallow", "crawl-delay", "sitemap"})


def validate_robots(value: str) -> None:
    """Lines of RFC 9309: a comment, or a known field with a value. Nothing that closes the whole site to everybody.

    Where no group is begun, the site's own goes on, which is for everybody.
    """
    group, in_group = {"*"}, False
    for line in value.splitlines():
        said = line.partition("#")[0].strip()
        name, _colon, rest = (part.strip() for part in said.partition(":"))
        if said and (name.lower() not in FIELDS or not said.isascii() or not said.isprintable()):
            raise ValidationError(
                _("This is no line of robots.txt: %(line)s"), params={"line": line[:80]}, code="line"
            )
        if name.lower() == "user-agent":
            # Names that follow one another share the lines below them.
            group, in_group = (group | {rest} if in_group else {rest}), True
        elif said:
            in_group = False
        if name.lower() == "disallow" and rest in {"/", "/*", "*"} and "*" in group:
            raise ValidationError(_("This line would take the whole site out of search engines."), code="all")

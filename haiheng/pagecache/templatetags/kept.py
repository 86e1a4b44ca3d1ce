"""Parts of pages that are alike on many of them, made once until something public changes."""

from collections.abc import Container
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from haiheng.pagecache import version

register = template.Library()


class KeptNode(template.Node):
    def __init__(self, name: str, values: list[FilterExpression], inside: NodeList) -> None:
        self.name, self.values, self.nodelist = name, values, inside

    def render(self, context: template.Context) -> SafeString:
        told = ".".join(str(value.resolve(context)) for value in self.values)
        key = f"kept.{self.name}.{get_language()}.{told}"
        return version.memo(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept "menu" head.section %}…{% endkept %}`: made anew for each language and each of the named values.

    For what depends on nothing else: not on the visitor, the address or the time.
    """
    _tag, name, *values = token.split_contents()
    inside: Any = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(name.strip("\"'"), [parser.compile_filter(value) for value in values], inside)


@register.filter
def among(value: str, some: Container[str]) -> bool:
    """For a part that is another on a few pages: `{% kept "menu" request.path|among:navigation.menu %}`."""
    return value in some

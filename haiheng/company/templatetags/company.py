"""What visitors are told about the office."""

from typing import Any

from django import template

from haiheng.company.office import OfficeFacts

register = template.Library()


@register.inclusion_tag("company/_office.html")
def office_facts() -> dict[str, Any]:
    """Rows for a list of details; nothing before the company's profile is filled in."""
    return {"office": OfficeFacts.load()}

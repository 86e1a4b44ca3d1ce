from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def thin(number: int) -> str:
    """1284 as 1 284, with a thin no-break space between the thousands, the same in every language."""
    return f"{number:,}".replace(",", "\u202f")


@register.filter
def day(moment: datetime) -> str:
    """2026-03-02, by the company's calendar; many times sooner than the filter for any format."""
    return f"{timezone.localtime(moment):%Y-%m-%d}"

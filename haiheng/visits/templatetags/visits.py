from collections.abc import Mapping

from django import template
from django.db import models

from haiheng.visits.queue import key_of

register = template.Library()


@register.filter
def views_of(totals: Mapping[str, int], thing: models.Model) -> int:
    """`{{ totals|views_of:article }}`, where totals came from `visits.totals_for(articles)`."""
    return totals.get(key_of(thing), 0) if totals else 0

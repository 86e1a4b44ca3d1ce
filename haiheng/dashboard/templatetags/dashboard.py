from typing import Any

from django import template

from haiheng.accounts.people import staff_of
from haiheng.dashboard.today import Today

register = template.Library()


@register.inclusion_tag("admin/dashboard/today.html", takes_context=True)
def today(context: template.Context) -> dict[str, Any]:
    """What this member of staff should know first."""
    request = context["request"]
    return {"request": request, "csrf_token": context.get("csrf_token"), "today": Today(staff_of(request))}

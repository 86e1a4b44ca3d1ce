"""After how many working hours an unanswered enquiry is brought to mind, as staff write it: 4, 16."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_REMINDERS = 5


def reminder_hours(value: str) -> tuple[int, ...]:
    """The steps written in a text like "4, 16"; ValueError where it is none."""
    return tuple(int(part) for part in value.replace("，", ",").replace("、", ",").split(",") if part.strip())


def validate_reminder_hours(value: str) -> None:
    try:
        steps = reminder_hours(value)
    except ValueError:
        steps = (0,)
    if len(steps) > MOST_REMINDERS or list(steps) != sorted({step for step in steps if 1 <= step <= 999}):
        raise ValidationError(
            _("Enter up to five whole numbers of hours, the smallest first, like 4, 16."), code="hours"
        )

"""The years that a date may lie in: the one rule for forms, imports and addresses."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1900, 2999


def is_usual_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def validate_year(day: date) -> None:
    """A year that was not typed to its end (0002) is one that no database keeps in every zone; moments, too."""
    if not is_usual_year(day.year):
        raise ValidationError(
            _("Check the year: it must lie between %(first)d and %(last)d."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )

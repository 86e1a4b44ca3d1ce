"""Parts of addresses: slugs in any script, years and months."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class SlugConverter(StringConverter):
    """What a slug can be; a file name with a dot is no page, and no redirect to one either."""

    regex = r"[-\w]+"


class YearConverter(StringConverter):
    regex = "(?:19|20)[0-9]{2}"


class MonthConverter(StringConverter):
    regex = "(?:0[1-9]|1[0-2])"


def register() -> None:
    """Names for `path()`; called where the site's map begins."""
    register_converter(SlugConverter, "words")
    register_converter(YearConverter, "year")
    register_converter(MonthConverter, "month")

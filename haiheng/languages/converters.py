"""Parts of addresses that are dates."""

from django.urls.converters import StringConverter


class YearConverter(StringConverter):
    regex = "(?:19|20)[0-9]{2}"


class MonthConverter(StringConverter):
    regex = "(?:0[1-9]|1[0-2])"

"""Telephone numbers in any way of writing. Nothing a visitor typed is ever refused."""

import re

import phonenumbers
from phonenumbers import timezone as phonenumber_zones

KEY_LENGTH = 20


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    text = re.sub(r"^\s*00", "+", text)
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def key_of(text: str) -> str:
    """What two ways of writing one number share: E.164 where the country is written, else five digits and more."""
    number = _parsed(text)
    if number is not None:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[:KEY_LENGTH]
    digits = "".join(str(int(character)) for character in text if character.isdecimal())
    return digits[:KEY_LENGTH] if len(digits) >= 5 else ""


def whatsapp_digits(text: str) -> str:
    """Country code and number without signs, or "" where no country code is written."""
    number = _parsed(text)
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}" if number else ""


def country_of(text: str) -> str:
    """The probable country (ISO 3166-1 alpha-2) of a number, or ""."""
    number = _parsed(text)
    region = phonenumbers.region_code_for_number(number) if number else None
    return region if region and len(region) == 2 and region.isalpha() else ""


def zones_of(text: str) -> tuple[str, ...]:
    """The time zones in which a number may be; none where no country code is written."""
    number = _parsed(text)
    if number is None:
        return ()
    zones = phonenumber_zones.time_zones_for_geographical_number(number)
    return tuple(zone for zone in zones if zone != phonenumber_zones.UNKNOWN_TIMEZONE)

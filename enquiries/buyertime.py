"""What the clock shows where the buyer probably is: a guess from the telephone number, or from the country."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

from enquiries import phones
from enquiries.models import Enquiry

# One official time for the whole country, whatever the table of zones lists.
_ONE_TIME = {"CN": ("Asia/Shanghai",)}


@dataclass(frozen=True)
class BuyerTime:
    """The earliest and the latest zone that come into question; one and the same where there is one time."""

    first: ZoneInfo
    last: ZoneInfo
    by_phone: bool
    now: datetime

    @property
    def is_range(self) -> bool:
        return self.first != self.last

    @property
    def earliest(self) -> datetime:
        return self.now.astimezone(self.first)

    @property
    def latest(self) -> datetime:
        return self.now.astimezone(self.last)


def of(enquiry: Enquiry, now: datetime) -> BuyerTime | None:
    """The number tells more than the country, unless staff have set another country than the number's."""
    contact = enquiry.contact
    phone, country = enquiry.phone or contact.phone, str(contact.country or "")
    trusted = contact.country_is_guess or not country or phones.country_of(phone) == country
    by_phone = phones.zones_of(phone) if trusted else ()
    zones = sorted(_zones(by_phone or zones_of_country(country)), key=lambda zone: _offset(now, zone))
    if not zones:
        return None
    one = _offset(now, zones[0]) == _offset(now, zones[-1])
    return BuyerTime(zones[0], zones[0] if one else zones[-1], by_phone=bool(by_phone), now=now)


def _offset(now: datetime, zone: ZoneInfo) -> timedelta:
    return now.astimezone(zone).utcoffset() or timedelta()


def zones_of_country(country: str) -> tuple[str, ...]:
    return _ONE_TIME.get(country) or _table().get(country, ())


def _zones(names: tuple[str, ...]) -> list[ZoneInfo]:
    found = []
    for name in names:
        try:
            found.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return found


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Countries and their zones, as the system's own table has them; empty on a system without one."""
    for folder in TZPATH:
        try:
            text = Path(folder, "zone.tab").read_text(encoding="utf-8")
        except OSError:
            continue
        table: dict[str, tuple[str, ...]] = {}
        for line in text.splitlines():
            country, _tab, rest = line.partition("\t")
            if len(country) == 2 and "\t" in rest:
                table[country] = (*table.get(country, ()), rest.split("\t")[1].strip())
        return table
    return {}

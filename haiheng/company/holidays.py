"""When pages that tell of holidays, or carry the notice, next change by themselves."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from haiheng.company.models import ANNOUNCED, CompanyProfile, Holiday


def next_change(now: datetime) -> datetime | None:
    profile = CompanyProfile.objects.order_by("pk").first()
    zone = ZoneInfo(profile.zone if profile else timezone.get_default_timezone_name())
    moments = [profile.notice_from, profile.notice_until] if profile else []
    for holiday in Holiday.objects.lasting_until(now.astimezone(zone).date() - timedelta(days=1)):
        for day in (holiday.date - ANNOUNCED, (holiday.last or holiday.date) + timedelta(days=1)):
            moments.append(datetime.combine(day, time(), zone))
    return min((moment for moment in moments if moment and moment > now), default=None)

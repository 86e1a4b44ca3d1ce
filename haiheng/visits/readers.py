"""Who read, and where they came from: worked out when hits are written, never while a visitor waits."""

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from crawlerdetect import CrawlerDetect
from django.conf import settings
from django.utils import timezone

# Key, language, user agent, referrer, query string.
Hit = tuple[str, str, str, str, str]

# Programs that fetch a page to show a preview of a link, and are not in the list of crawlers. The browsers inside the
# same apps (MicroMessenger, FBAN, Line, DingTalk) are people.
LINK_PREVIEW = re.compile(
    r"^WhatsApp/|^Viber|^Signal|^Iframely|^Microsoft Office|facebookexternalhit|facebookcatalog|meta-external|facebot"
    r"|SkypeUriPreview|BingPreview|Google-PageRenderer|line-poker|kakaotalk-scrap|LarkUrl2Png|snapchat-?url|preview"
    r"|HeadlessChrome|PhantomJS|Lighthouse",
    re.I,
)
# Every browser begins like this, those of simple phones included; a program that begins otherwise is none.
BROWSER = re.compile(
    r"(?:Mozilla|Opera|UCWEB|MQQBrowser|Nokia|SAMSUNG|SonyEricsson|BlackBerry|LG|MOT|HUAWEI|ZTE|TECNO|itel)[/\w. -]*",
    re.I,
)
# What no browser says of itself: an address to turn to, a mere "compatible", or what drives it.
DECLARED = re.compile(
    r"https?:|[\w.-]+@[\w-]+\.\w|\(compatible(?!; (?:MSIE|Konqueror))|; ?compatible[;)]"
    r"|Playwright|Selenium|Puppeteer|Cypress|scan|monitor|fetch|-User\b|agent/|archive",
    re.I,
)
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?\Z")
NOT_IN_CAMPAIGN = re.compile(r"[^\w .:+-]+")
OTHER = "(other)"
# Names a visitor can make up; beyond so many a day they are summed up.
DIFFERENT_A_DAY = 500


class Reading(NamedTuple):
    key: str
    day: str
    language: str
    referrer_host: str
    campaign: str


_crawlers = CrawlerDetect()


@lru_cache(maxsize=4000)
def is_reader(user_agent: str) -> bool:
    """Whether a browser, as far as it tells, and thus a person sent this."""
    if not BROWSER.match(user_agent) or DECLARED.search(user_agent) or LINK_PREVIEW.search(user_agent):
        return False
    return not _crawlers.is_crawler(user_agent)


class Readings:
    """Turns hits into what is counted; remembers how many different names came today."""

    def __init__(self) -> None:
        self._day = ""
        self._names: set[str] = set()

    def of(self, hit: Hit, moment: float) -> Reading | None:
        """What was read at `moment` (seconds since 1970); None if no person read."""
        key, language, user_agent, referrer, query = hit
        if not is_reader(user_agent):
            return None
        day = datetime.fromtimestamp(moment, timezone.get_default_timezone()).date().isoformat()
        if day != self._day:
            self._day, self._names = day, set()
        return Reading(
            key[:100], day, language[:10], self._bounded(referrer_host(referrer)), self._bounded(campaign(query))
        )

    def _bounded(self, name: str) -> str:
        if not name or name in self._names:
            return name
        if len(self._names) >= DIFFERENT_A_DAY:
            return OTHER
        self._names.add(name)
        return name


def referrer_host(referrer: str) -> str:
    """The host of another site, or ""."""
    if not referrer:
        return ""
    try:
        host = (urlsplit(referrer).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    own = (urlsplit(settings.SITE_URL).hostname or "").removeprefix("www.")
    return host if host != own and HOST.match(host) else ""


def campaign(query: str) -> str:
    if "utm_campaign=" not in query:
        return ""
    try:
        values = parse_qs(query, max_num_fields=50).get("utm_campaign", [""])
    except ValueError:
        return ""
    return NOT_IN_CAMPAIGN.sub(" ", values[0]).strip()[:60].strip()

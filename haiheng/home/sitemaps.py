"""The home page in the languages in which it shows something."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haiheng.home.models import BlockTranslation
from haiheng.pagecache import version
from haiheng.seo.sitemaps import OfferedSitemap, SitemapEntry


def paths() -> dict[str, str]:
    """By language code; all languages where no block is shown in any."""
    shown = version.memo("home.languages", _shown)
    found = {}
    for code, _name in settings.LANGUAGES:
        if code in shown or not shown:
            with translation.override(code):
                found[code] = reverse("home")
    return found


def _shown() -> frozenset[str]:
    return frozenset(BlockTranslation.objects.filter(shown=True).values_list("language_code", flat=True))


class HomeSitemap(OfferedSitemap):
    def entries(self, page: int) -> list[SitemapEntry]:
        return self.in_offered(paths())

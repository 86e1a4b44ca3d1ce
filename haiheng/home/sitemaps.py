"""The home page in the languages in which it shows something."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haiheng.home.models import BlockTranslation
from haiheng.pagecache import version
from haiheng.seo.sitemaps import SitemapEntry, SitemapSection, in_languages


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


class HomeSitemap(SitemapSection):
    def entries(self, page: int) -> list[SitemapEntry]:
        return in_languages({code: (path, None) for code, path in paths().items()})

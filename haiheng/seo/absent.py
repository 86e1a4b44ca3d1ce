"""What an address answers where no item is public in its language."""

from collections.abc import Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from haiheng.languages.models import current_language
from haiheng.publishing.models import Publishable, PublishableQuerySet, State
from haiheng.seo.head import Crumb, PageHead
from haiheng.seo.sitemaps import in_language


def absent(request: HttpRequest, items: PublishableQuerySet, slug: str, *, section: str) -> HttpResponse:
    """The page that names the languages an item exists in, its own address if this one is among them, 410 for one
    that is gone, else Http404.

    A reader who follows the default language's slug under another prefix never gets half a page.
    """
    default = settings.LANGUAGE_CODE
    named = items.filter(translations__language_code=default, translations__slug=slug)
    if current_language() != default:
        item = named.in_state(State.PUBLISHED).prefetch_related("translations").first()
        if item is not None and (ready := offered_languages(item)):
            if current_language() in ready:
                return redirect(in_language(item, current_language()), permanent=True)
            return untranslated(
                request, alternates(item), {code: _title(item, code) for code in ready}, section=section
            )
    if _was_public(items, slug):
        return _gone(request, section)
    raise Http404


def offered_languages(item: Publishable) -> list[str]:
    """Languages of the site in which the item is ready, in the site's order."""
    ready = item.ready_languages()
    return [code for code, _name in settings.LANGUAGES if code in ready]


def alternates(item: Publishable) -> dict[str, str]:
    """Language code to path, for hreflang and the switch; only translations that are ready."""
    return {code: in_language(item, code) for code in offered_languages(item)}


def untranslated(
    request: HttpRequest, paths: Mapping[str, str], titles: Mapping[str, str], *, section: str
) -> HttpResponse:
    """Says in which languages a page exists, with links; `paths` and `titles` by language code."""
    links = [
        {"code": code, "name": get_language_info(code)["name_local"], "url": path, "title": titles.get(code, "")}
        for code, path in paths.items()
    ]
    head = PageHead(
        title=_("Not available in this language"),
        section=section,
        noindex=True,
        alternates=paths,
        breadcrumbs=[Crumb(_("Home"), reverse("home"))],
    )
    return render(request, "seo/untranslated.html", {"head": head, "links": links})


def _title(item: Publishable, code: str) -> str:
    return str(item.safe_translation_getter("title", language_code=code) or item)


def _was_public(items: PublishableQuerySet, slug: str) -> bool:
    trashed = items.in_state(State.TRASHED).filter(published_at__lte=timezone.now())
    return trashed.filter(translations__language_code=current_language(), translations__slug=slug).exists()


def _gone(request: HttpRequest, section: str) -> HttpResponse:
    head = PageHead(title=_("This page was taken down"), section=section, noindex=True)
    return render(request, "410.html", {"head": head}, status=410)

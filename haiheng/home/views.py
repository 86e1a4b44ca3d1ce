from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haiheng.company.models import CompanyProfile
from haiheng.home import blocks
from haiheng.home.models import Block
from haiheng.home.sitemaps import paths
from haiheng.languages.models import current_language
from haiheng.seo import jsonld
from haiheng.seo.head import FeedLink, PageHead
from haiheng.seo.share import share_image, site_card


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The blocks that staff switched on in this language, in their order."""
    found = list(Block.objects.shown().select_related("picture").prefetch_related("translations"))
    shown = blocks.shown(found)
    context = {
        "head": _head(found),
        "blocks": shown,
        "has_hero": any(block.kind == Block.Kind.HERO for block in shown),
        "has_form": any(block.kind == Block.Kind.FORM for block in shown),
    }
    return render(request, "home/home.html", context)


def _head(found: list[Block]) -> PageHead:
    profile, path, languages = CompanyProfile.load(), reverse("home"), paths()
    name, tagline = profile.shown_name, profile.text("tagline")
    first = next((row for block in found for row in block.translations.all() if _is_here(row.language_code)), None)
    return PageHead(
        title=f"{name} – {tagline}" if tagline else name,
        whole_title=True,
        description=(first.intro if first else "") or tagline,
        canonical=path,
        alternates=languages,
        # Nothing is shown here: the others have it.
        noindex=current_language() not in languages,
        form_here=any(block.kind == Block.Kind.FORM for block in found),
        image=share_image(site_card()),
        feeds=[FeedLink(name, reverse("news:feed"))],
        jsonld=[jsonld.organization(profile), jsonld.website(name, reverse("search"), current_language())],
    )


def _is_here(code: str) -> bool:
    return code == current_language()

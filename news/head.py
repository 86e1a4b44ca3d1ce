"""What articles and their lists say to machines."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.richtext import plain
from haiheng.seo import jsonld
from haiheng.seo.absent import alternates
from haiheng.seo.head import Crumb, FeedLink, PageHead
from haiheng.seo.share import share_image
from haiheng.seo.texts import shortened
from news.categories import Entry
from news.models import Article
from news.sharing import card


def trail(entry: Entry | None = None, last: str = "") -> list[Crumb]:
    """Home / News / category, and on a list its own name as the last step."""
    crumbs = [*version.memo(f"news.trail.{current_language()}", _beginning)]
    if entry is not None:
        crumbs.append(Crumb(entry.name, entry.url))
    return [*crumbs, Crumb(last)] if last else crumbs


def _beginning() -> list[Crumb]:
    return [Crumb(_("Home"), reverse("home")), Crumb(_("News"), reverse("news:list"))]


def list_head(
    title: str, description: str, path: str, crumbs: list[Crumb], paths: Mapping[str, str], feed: str = ""
) -> PageHead:
    feeds = [FeedLink(title, feed)] if feed else []
    return PageHead(
        title=title,
        description=description,
        canonical=path,
        alternates=paths,
        breadcrumbs=crumbs,
        section="news",
        feeds=feeds,
        jsonld=[jsonld.breadcrumbs(crumbs, path)],
    )


def article_head(article: Article, entry: Entry | None) -> PageHead:
    crumbs, path = trail(entry), article.get_absolute_url()
    company = jsonld.organization(CompanyProfile.load())
    image = share_image(card(article))
    description = article.meta_description or article.summary or shortened(plain.text(article.body))
    # A preview shows what has no date yet.
    published = article.published_at or timezone.now()
    modified = max(published, article.get_translation(current_language()).revised_at)
    return PageHead(
        title=article.meta_title or article.title,
        description=description,
        canonical=path,
        alternates=alternates(article),
        breadcrumbs=crumbs,
        section="news",
        kind="article",
        image=image,
        published=published.isoformat(),
        modified=modified.isoformat(),
        jsonld=[
            jsonld.thing(
                "NewsArticle",
                headline=shortened(article.title, 110),
                description=description,
                datePublished=published.isoformat(),
                dateModified=modified.isoformat(),
                inLanguage=current_language(),
                mainEntityOfPage=absolute(path),
                image=[image.url],
                articleSection=entry.name if entry else "",
                keywords=[tag.name for tag in article.shown_tags],
                author=jsonld.thing("Organization", name=article.author) if article.author else company,
                publisher=company,
            ),
            jsonld.breadcrumbs(crumbs, path),
        ],
    )

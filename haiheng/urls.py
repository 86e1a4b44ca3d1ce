"""The site's map: the only place that lists all participants."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from haiheng import navigation
from haiheng.health import views as health
from haiheng.home.sitemaps import HomeSitemap
from haiheng.home.views import home
from haiheng.pages import search as page_search
from haiheng.pages import sharing as page_sharing
from haiheng.pages.sitemaps import PageSitemap
from haiheng.publishing.views import shown_by_link
from haiheng.search.views import search
from haiheng.seo import share
from haiheng.seo import views as seo
from haiheng.seo.share_views import share_picture
from haiheng.seo.sitemaps import NamedSitemap
from news import search as news_search
from news import sharing as news_sharing
from news.sitemaps import ArticleSitemap, NewsListSitemap
from products import search as product_search
from products import sharing as product_sharing
from products.sitemaps import ProductListSitemap, ProductSitemap


class FixedSitemap(NamedSitemap):
    names = ("enquiries:contact",)

    def languages(self) -> frozenset[str]:
        return navigation.current().codes


class OfferedHome(HomeSitemap):
    def languages(self) -> frozenset[str]:
        return navigation.current().codes


SITEMAPS = {
    "home": OfferedHome,
    "site": FixedSitemap,
    "pages": PageSitemap,
    "products": ProductSitemap,
    "product-lists": ProductListSitemap,
    "news": ArticleSitemap,
    "news-lists": NewsListSitemap,
}
SHARED = {
    "article": news_sharing.public,
    "product": product_sharing.public,
    "page": page_sharing.public,
    "category": product_sharing.public_category,
    share.SITE: share.public_site,
}
SEARCHED = [product_search.SOURCE, news_search.SOURCE, page_search.SOURCE]

urlpatterns = [
    path("media/", include("haiheng.uploads.urls")),
    # For machines.
    path("healthz", health.ready, name="healthz"),
    path("healthz/live", health.live, name="healthz_live"),
    path("metrics", health.figures, name="metrics"),
    path("robots.txt", seo.robots, name="robots"),
    path("favicon.ico", seo.favicon, name="favicon"),
    path(".well-known/security.txt", seo.security_txt, name="security_txt"),
    path("sitemap.xml", seo.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap/<slug:section>-<int:page>.xml", seo.sitemap_part, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    # For whoever was sent the link.
    path("preview/<str:token>/", shown_by_link, name="preview"),
    path(
        "share/<slug:language>/<slug:kind>-<int:number>-<slug:digest>.jpg",
        share_picture,
        {"sources": SHARED},
        name="share_picture",
    ),
    # For staff.
    path("admin/", include("haiheng.accounts.urls")),
    path("admin/", admin.site.urls),
    # For everybody: English at the root, other languages under their code.
    *i18n_patterns(
        path("", home, name="home"),
        path("news/", include("news.urls")),
        path("products/", include("products.urls")),
        path("search/", search, {"sources": SEARCHED}, name="search"),
        path("", include("enquiries.urls")),
        path("", include("haiheng.pages.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "haiheng.malformed.bad_request"
handler429 = "haiheng.accounts.views.too_many"

from haiheng.pages.models import Page
from haiheng.seo.sitemaps import PublishedSitemap


class PageSitemap(PublishedSitemap):
    model = Page

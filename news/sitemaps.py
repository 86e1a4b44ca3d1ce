from haiheng.seo.sitemaps import PublishedSitemap
from news.models import Article


class ArticleSitemap(PublishedSitemap):
    model = Article

from haiheng.seo.sitemaps import PublishedSitemap
from products.models import Product


class ProductSitemap(PublishedSitemap):
    model = Product

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haiheng.seo.head import PageHead
from products.models import Product


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html", {"head": PageHead(title=_("Products"), section="products")})


@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    return product_list(request)


@require_safe
def product_detail(request: HttpRequest, category: str, slug: str) -> HttpResponse:
    product = get_object_or_404(Product.objects.published(slug=slug))
    return render(request, "base.html", {"head": PageHead(title=product.code, section="products")})

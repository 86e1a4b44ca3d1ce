"""The message form, for any page."""

from typing import Any

from django import template

from enquiries.forms import EnquiryForm
from products.models import Product

register = template.Library()


@register.inclusion_tag("enquiries/_form.html", takes_context=True)
def enquiry_form(context: template.Context, product: Product | None = None) -> dict[str, Any]:
    """An empty form that remembers the page, and the product where one is given. The same for every visitor."""
    initial = {"page": context["request"].path, "product": product.code if product else ""}
    return {
        "enquiry_form": EnquiryForm(initial=initial),
        "product": product,
        "company": context.get("company"),
        "navigation": context.get("navigation"),
    }

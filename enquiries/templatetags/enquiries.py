"""The message form, for any page."""

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from enquiries.forms import EnquiryForm
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from products.models import Product

register = template.Library()


@register.simple_tag
def keeps_trail() -> bool:
    """Whether the pages read before are kept with a message: visitors are told."""
    return bool(settings.READING_TRAIL)


# Stands in the kept form where the page's own path belongs; no path holds this character.
_PAGE = "\ue000"


@register.simple_tag(takes_context=True)
def enquiry_form(context: template.Context, product: Product | None = None) -> SafeString:
    """An empty form that remembers the page, and the product where one is given. The same for every visitor."""
    code = product.code if product else ""

    def made() -> str:
        values = {
            "enquiry_form": EnquiryForm(initial={"page": _PAGE, "product": code}),
            "product": product,
            "company": context.get("company"),
            "navigation": context.get("navigation"),
        }
        return render_to_string("enquiries/_form.html", values)

    html = version.memo(f"enquiries.form.{current_language()}.{code}", made)
    return SafeString(html.replace(_PAGE, escape(context["request"].path)))

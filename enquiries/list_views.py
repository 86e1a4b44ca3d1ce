"""The list of products to ask about: without login, cookie or script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from enquiries import wishlist
from enquiries.forms import EnquiryForm
from enquiries.models import Source
from enquiries.origin import same_origin_only
from enquiries.views import accept
from enquiries.wishlist import Wish
from haiheng.seo.head import Crumb, PageHead
from products.models import Product

# Typed into the form; nothing of it may ever stand in an address.
_PERSONAL = ("name", "email", "phone", "address", "message")


@same_origin_only
@require_http_methods(["GET", "HEAD", "POST"])
def product_list(request: HttpRequest) -> HttpResponse:
    """GET shows the list that the address is; POST changes it (`add`, `remove`) or sends it as one enquiry."""
    if request.method != "POST":
        wishes = wishlist.from_address(request.GET)
        return _page(request, wishes, EnquiryForm(initial={"page": request.path}))
    wishes = wishlist.from_form(request.POST)
    if "add" in request.POST or "remove" in request.POST:
        return _changed(request, wishes)
    form = EnquiryForm(request.POST)
    return accept(
        request,
        form,
        lines=[wish.line() for wish in wishes],
        source=Source.LIST,
        again=lambda status: _page(request, wishes, form, status=status),
    )


def _changed(request: HttpRequest, wishes: list[Wish]) -> HttpResponse:
    """The new list at its own address; where something was typed already, here, because it must not be lost."""
    typed = {name: request.POST.get(name, "") for name in _PERSONAL}
    if not any(typed.values()) and not any(wish.remark for wish in wishes):
        response = redirect(wishlist.address(wishes))
        response.status_code = 303
        return response
    return _page(request, wishes, EnquiryForm(initial={**typed, "page": request.path}))


def _page(request: HttpRequest, wishes: list[Wish], form: EnquiryForm, status: int = 200) -> HttpResponse:
    title = _("Ask about several products")
    chosen = {wish.product.pk for wish in wishes}
    others = Product.objects.published().exclude(pk__in=chosen).in_order().prefetch_related("translations")
    send = ngettext("Send enquiry for %(count)s model", "Send enquiry for %(count)s models", len(wishes))
    head = PageHead(
        title=_("Error: %(title)s") % {"title": title} if status != 200 else title,
        breadcrumbs=[
            Crumb(_("Home"), reverse("home")),
            Crumb(_("Contact"), reverse("enquiries:contact")),
            Crumb(title),
        ],
        section="contact",
        noindex=True,
    )
    context = {
        "head": head,
        "wishes": wishes,
        "others": others,
        "list_address": wishlist.address(wishes),
        "enquiry_form": form,
        "send_label": send % {"count": len(wishes)} if wishes else _("Send message"),
        "too_many": status == 429,
    }
    response = render(request, "enquiries/product_list.html", context, status=status)
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response

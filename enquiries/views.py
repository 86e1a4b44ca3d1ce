"""The public side: the form, and the page that says thank you."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from enquiries import limits
from enquiries.forms import EnquiryForm, storable
from enquiries.intake import Line, Sent, receive
from enquiries.models import Enquiry, Source
from enquiries.origin import same_origin_only
from haiheng.addresses import client_ip
from haiheng.languages.models import current_language
from haiheng.seo.head import Crumb, PageHead
from haiheng.seo.jsonld import breadcrumbs
from haiheng.seo.sitemaps import in_every_language
from haiheng.visits import trail
from products.models import Product


@same_origin_only
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form with the company's details; a POST is stored before the answer leaves."""
    if request.method == "POST":
        return _receive(request)
    product = Product.objects.named(request.GET.get("product", ""))
    return _contact_page(request, EnquiryForm(initial=_initial(request, product)), product=product)


def _initial(request: HttpRequest, product: Product | None) -> dict[str, str]:
    return {"page": request.path, "product": product.code if product else ""}


def _receive(request: HttpRequest) -> HttpResponse:
    form = EnquiryForm(request.POST)
    product = Product.objects.named(request.POST.get("product", ""))
    return accept(
        request,
        form,
        lines=_lines(request.POST.get("product", ""), product),
        again=lambda status: _contact_page(request, form, product=product, status=status),
    )


def accept(
    request: HttpRequest,
    form: EnquiryForm,
    *,
    lines: Sequence[Line],
    again: Callable[[int], HttpResponse],
    source: Source = Source.FORM,
) -> HttpResponse:
    """Store a form and lead to its thanks page; `again(status)` shows it once more, with everything that was typed."""
    if not form.is_valid():
        return again(422)
    sent = Sent(
        fields=form.cleaned_data,
        language=current_language(),
        client=limits.client_key(client_ip(request)),
        reader=trail.reader_of(request.META),
        source=source,
        lines=lines,
    )
    if not sent.is_repeat() and (wait := limits.seconds_to_wait(sent.client)):
        response = again(429)
        response["Retry-After"] = str(wait)
        return response
    response = redirect("enquiries:thanks", token=receive(sent).token)
    response.status_code = 303
    return response


def _lines(typed: str, product: Product | None) -> list[Line]:
    """What the hidden field named; a product that has gone meanwhile is kept as a word."""
    if product is not None:
        return [Line(code=product.code, product=product)]
    return [Line(code=storable(typed.strip()))] if typed.strip() else []


def _contact_page(
    request: HttpRequest, form: EnquiryForm, *, product: Product | None, status: int = 200
) -> HttpResponse:
    crumbs = [Crumb(_("Home"), reverse("home")), Crumb(_("Contact"), "")]
    title = _("Leave us a message")
    head = PageHead(
        title=_("Error: %(title)s") % {"title": title} if status != 200 else title,
        description=_("Send us a message: model, quantity, destination port. We answer by e-mail or WhatsApp."),
        canonical=reverse("enquiries:contact"),
        alternates=in_every_language("enquiries:contact"),
        breadcrumbs=crumbs,
        section="contact",
        noindex=status != 200,
        jsonld=[breadcrumbs(crumbs, reverse("enquiries:contact"))],
    )
    context = {"head": head, "enquiry_form": form, "product": product, "too_many": status == 429}
    response = render(request, "enquiries/contact.html", context, status=status)
    if status != 200:
        response["Cache-Control"] = "no-store"
    return response


@never_cache
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the reference and everything that was typed, to whoever has the unguessable address."""
    enquiry = get_object_or_404(Enquiry.objects.prefetch_related("lines__product__translations"), token=token)
    head = PageHead(title=_("Your message was sent"), section="contact", noindex=True)
    response = render(request, "enquiries/thanks.html", {"head": head, "enquiry": enquiry})
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response

"""The page behind "I answered elsewhere". It names the reference and nothing else: the link may be passed on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enquiries import elsewhere, replying
from enquiries.forms import MESSAGE_LENGTH, storable
from enquiries.origin import same_origin_only
from haiheng.seo.head import PageHead


@same_origin_only
@require_http_methods(["GET", "HEAD", "POST"])
def answered_elsewhere(request: HttpRequest) -> HttpResponse:
    """GET asks (programs follow links in mails), POST logs the answer."""
    allowed = elsewhere.permit(request.GET.get("key", ""))
    channel = request.POST.get("channel", "")
    done = already = False
    if allowed and channel in elsewhere.CHANNELS:
        text = storable(request.POST.get("body", "").strip())[:MESSAGE_LENGTH]
        done = replying.log_answer_by_link(allowed.enquiry, text, channel, allowed.user)
        already = not done
    context = {
        "head": PageHead(title=_("I answered elsewhere"), noindex=True),
        "reference": allowed.enquiry.reference if allowed else "",
        "channels": [(each.value, each.label) for each in elsewhere.CHANNELS],
        "done": done,
        "already": already,
    }
    response = render(request, "enquiries/elsewhere.html", context, status=200 if allowed else 410)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response

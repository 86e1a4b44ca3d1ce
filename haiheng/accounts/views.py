from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from haiheng.accounts.forms import AccountForm
from haiheng.accounts.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name and language of the member of staff who is signed in."""
    # A copy of its own: an invalid form must not change the name in the page's header.
    user = User.objects.get(username=request.user.get_username())
    form = AccountForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("account_overview"))
    status = 422 if form.errors else 200
    return render(request, "account/overview.html", {"form": form, "title": _("Your account")}, status=status)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of the sign-in page; once signed in, one's own setting wins."""
    response: HttpResponse = set_language(request)
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer somebody who sends too many requests (Django and allauth find this as handler429)."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response

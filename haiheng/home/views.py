from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haiheng.seo.head import PageHead


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html", {"head": PageHead(title="Haiheng")})

"""The page in which the text editor lets staff choose or upload a picture."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haiheng.images import intake, markup
from haiheng.images.forms import ACCEPT
from haiheng.images.models import Picture, PictureTranslation

_PER_PAGE = 24


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("images.view_picture", raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """GET lists the library; POST adds a file, and answers scripts (Accept: application/json) with what they need."""
    error, language = "", _language(request)
    if request.method == "POST":
        picture, error = _add(request)
        if "application/json" in request.headers.get("Accept", ""):
            return (
                JsonResponse(described(picture, language), status=201)
                if picture
                else JsonResponse({"error": error}, status=422)
            )
    query = request.GET.get("q", "").strip()[:200]
    pictures = Picture.objects.with_texts()
    if query:
        wanted = Q(name__icontains=query) | Q(translations__alt__icontains=query)
        pictures = pictures.filter(wanted).distinct()
    found = Paginator(pictures, _PER_PAGE).get_page(request.GET.get("page"))
    rows = [(picture, described(picture, language)) for picture in found]
    number = request.GET.get("CKEditorFuncNum", "")
    context = {
        "rows": rows, "page": found, "query": query, "error": error, "accept": ACCEPT, "title": _("Choose a picture"),
        "callback": number if number.lstrip("-").isdigit() else "",
        "language": language,
        "may_add": request.user.has_perm("images.add_picture"),
    }  # fmt: skip
    return render(request, "images/picker.html", context, status=422 if error else 200)


def described(picture: Picture, language: str = "") -> dict[str, object]:
    """What the editor takes over into the text, in the language that is being written."""
    return {
        "id": picture.pk,
        "url": markup.fallback(picture, "natural").url,
        "alternative_text": "" if picture.decorative else picture.text("alt", language),
        "caption": picture.text("caption", language),
    }


def _alt(request: HttpRequest) -> dict[str, str]:
    """What the picture shows, in the language that the editor is written in."""
    words = " ".join(request.POST.get("alt", "").split())[: PictureTranslation._meta.get_field("alt").max_length]
    language = _language(request)
    return {language: words} if words and language else {}


def _language(request: HttpRequest) -> str:
    given = request.POST.get("language") or request.GET.get("language", "")
    return given if given in dict(settings.LANGUAGES) else ""


def _add(request: HttpRequest) -> tuple[Picture | None, str]:
    file = request.FILES.get("file")
    if not request.user.has_perm("images.add_picture"):
        return None, _("You may not add pictures.")
    if not isinstance(file, UploadedFile):
        return None, _("Choose a file first.")
    try:
        return intake.add_picture(file, name=file.name or "", alt=_alt(request)), ""
    except ValidationError as error:
        return None, " ".join(error.messages)

"""Serves what was uploaded, from this machine's disk. A proxy may do the sending (MEDIA_ACCEL_REDIRECT)."""

import os
import re
import stat
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from haiheng.uploads import fallbacks, gates
from haiheng.uploads.detection import DOCUMENTS, PDF, PICTURES

# Whatever else lies in the media folder (attachments of enquiries, say) is not public.
PUBLIC_FOLDERS = ("pictures", "documents")
_TYPES = {ending: kind for kind in (*PICTURES, *DOCUMENTS) for ending in kind.endings}
_INLINE = {kind.mime for kind in (*PICTURES, PDF)}
# One path segment: letters, digits and a few signs, and no dot in front.
_SEGMENT = re.compile(r"[\w-][\w.-]*")
_RANDOM = re.compile(r"/[0-9a-f]{24}[/.]")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    if not is_public(path) or not gates.is_open(path):
        raise Http404
    # A document may be replaced at its address; a picture gets a new one.
    immutable = path.startswith("pictures/") and bool(_RANDOM.search(f"/{path}"))
    details = _stat(path)
    if details is None:
        substitute = fallbacks.instead_of(path)
        if substitute is None or not is_public(substitute) or (details := _stat(substitute)) is None:
            raise Http404
        path, immutable = substitute, False
    etag = f'"{details.st_mtime_ns:x}-{details.st_size:x}"'
    answer: HttpResponseBase = get_conditional_response(
        request, etag=etag, last_modified=int(details.st_mtime)
    ) or _send(path, details.st_size)
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(details.st_mtime)
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "public, max-age=60"
    _protect(answer)
    return answer


def is_public(path: str) -> bool:
    """A plain relative path into one of the public folders, to a file with an ending that we store."""
    segments = path.split("/")
    return (
        len(path) <= 300
        and len(segments) > 1
        and segments[0] in PUBLIC_FOLDERS
        and all(_SEGMENT.fullmatch(segment) for segment in segments)
        and os.path.splitext(path)[1].lower() in _TYPES
    )


def _stat(path: str) -> os.stat_result | None:
    """Details of the regular file, or None; a link never leads out of the media folder."""
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        full = (root / path).resolve(strict=True)
        details = full.stat()
    except (OSError, ValueError):
        return None
    return details if full.is_relative_to(root) and stat.S_ISREG(details.st_mode) else None


def _send(path: str, size: int) -> HttpResponseBase:
    kind = _TYPES[os.path.splitext(path)[1].lower()]
    name = path.rsplit("/", 1)[-1]
    disposition = "inline" if kind.mime in _INLINE else "attachment"
    answer: HttpResponseBase
    if settings.MEDIA_ACCEL_REDIRECT:
        answer = HttpResponse(content_type=kind.mime)
        answer["X-Accel-Redirect"] = settings.MEDIA_ACCEL_REDIRECT.rstrip("/") + "/" + quote(path)
    else:
        try:
            answer = FileResponse((Path(settings.MEDIA_ROOT) / path).open("rb"), content_type=kind.mime)
        except OSError as error:
            raise Http404 from error
        answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return answer


def _protect(answer: HttpResponseBase) -> None:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"

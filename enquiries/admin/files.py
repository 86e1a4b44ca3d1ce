"""Files that came by mail, for staff: as attachments, unless they are pictures or PDF by their bytes; never run."""

from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.http.response import HttpResponseBase

from enquiries.models import Attachment, Enquiry
from haiheng.uploads.detection import PDF, PICTURES

_SHOWN = {kind.mime for kind in (*PICTURES, PDF)}


def attachment_of(enquiry: Enquiry, number: int) -> HttpResponseBase | None:
    """A file of this enquiry or of one that was merged into it; None if there is none."""
    pks = [enquiry.pk, *enquiry.merged_enquiries.values_list("pk", flat=True)]
    found = Attachment.objects.filter(message__enquiry__in=pks, pk=number).first()
    if found is None:
        return None
    try:
        return answer(default_storage.open(found.file), found.name, found.content_type)
    except OSError:
        return None


def answer(content: "IO[bytes] | bytes", name: str, content_type: str) -> HttpResponseBase:
    is_shown = content_type in _SHOWN
    file = ContentFile(content) if isinstance(content, bytes) else content
    response = FileResponse(
        file,
        as_attachment=not is_shown,
        filename=name,
        content_type=content_type if is_shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response

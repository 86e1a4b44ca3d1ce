"""The list as a file, for those who may export; each export is on record."""

from collections.abc import Iterator

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from enquiries import exporting
from enquiries.listing import Asked, Listing
from enquiries.models import Enquiry
from haiheng.accounts.models import User
from haiheng.accounts.people import staff_of


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list that the address asks for, as "csv" or "xlsx".

    Raises:
        PermissionDenied: without the right to export.
        Http404: for any other kind.
    """
    user = staff_of(request)
    if not user.has_perms(["enquiries.view_enquiry", "enquiries.export_enquiry"]):
        raise PermissionDenied
    if kind not in exporting.TYPES:
        raise Http404
    asked = Asked.read(request.GET)
    _record(user, asked, kind)
    name = f"{_('enquiries')}-{timezone.localtime():%Y-%m-%d-%H%M}.{kind}"
    table = exporting.rows(Listing(asked, user))
    if kind == "xlsx":
        file = exporting.as_xlsx(table)
        return FileResponse(file, as_attachment=True, filename=name, content_type=exporting.TYPES[kind])
    lines = _spoken(exporting.as_csv(table), translation.get_language() or "en")
    response = StreamingHttpResponse(lines, content_type=exporting.TYPES[kind])
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return response


def _spoken(lines: Iterator[str], language: str) -> Iterator[str]:
    """The lines are written when the request and its language are over."""
    with translation.override(language):
        yield from lines


def _record(user: User, asked: Asked, kind: str) -> None:
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Enquiry),
        object_repr=f"{asked.address()} → {kind}"[:200],
        action_flag=CHANGE,
        change_message=_("Exported"),
    )

"""Mails that found no enquiry by themselves: staff say where they belong."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enquiries.admin import files
from enquiries.mailin import matching, originals, reading, sorting
from enquiries.mailin.reading import Letter
from enquiries.models import Box, Contact, Enquiry, Fate, IncomingMail
from enquiries.models.enquiry import REFERENCE_PREFIX
from haiheng.accounts.people import staff_of
from haiheng.typed import whole_number

if TYPE_CHECKING:
    BaseIncomingAdmin = admin.ModelAdmin[IncomingMail]
else:
    BaseIncomingAdmin = admin.ModelAdmin

SUGGESTIONS = 8


class FateFilter(admin.SimpleListFilter):
    """Without a choice only those that still wait for somebody."""

    title = _("state")
    parameter_name = "fate"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("filed", Fate.FILED.label), ("ignored", Fate.IGNORED.label)]

    def choices(self, changelist: Any) -> Iterator[Any]:
        options = [(None, Fate.UNMATCHED.label), *self.lookup_choices]
        for value, label in options:
            query = changelist.get_query_string({self.parameter_name: value} if value else {}, [self.parameter_name])
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[IncomingMail]) -> QuerySet[IncomingMail]:
        if request.resolver_match and "pk" in request.resolver_match.kwargs:
            return queryset
        return queryset.filter(fate=self.value() or Fate.UNMATCHED)


@admin.register(IncomingMail)
class IncomingMailAdmin(BaseIncomingAdmin):
    list_display = ["__str__", "sender", "first_words", "doubt", "enquiry", "arrived_at"]
    list_filter = [FateFilter]
    list_select_related = ["enquiry"]
    search_fields = ["from_address", "from_name", "subject"]
    show_full_result_count = False
    actions = ["ignore_them"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[IncomingMail]:
        return IncomingMail.objects.visible_to(staff_of(request)).exclude(fate=Fate.ARRIVED)

    @admin.display(description=_("from"))
    def sender(self, mail: IncomingMail) -> SafeString:
        return format_html("<bdi>{}</bdi>", mail.from_address)

    @admin.action(description=_("Ignore"), permissions=["change"])
    def ignore_them(self, request: HttpRequest, queryset: QuerySet[IncomingMail]) -> None:
        count = sum(sorting.ignore(mail, staff_of(request)) for mail in queryset)
        text = ngettext("%(count)d mail was put aside.", "%(count)d mails were put aside.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    # --- One mail ---

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        mail = self._found(request, object_id)
        letter = _letter(mail)
        may_change = self.has_change_permission(request, mail)
        context = {
            **self.admin_site.each_context(request),
            "title": str(mail) or _("Mail without a subject"),
            "opts": self.opts,
            "mail": mail,
            "letter": letter,
            "colleague": matching.colleague(mail.from_address),
            "may_change": may_change,
            "may_sort": may_change and mail.is_open,
            "may_move": may_change and mail.fate == Fate.FILED and mail.message_id is not None,
            "suggestions": _suggestions(request, mail) if may_change and mail.is_open else [],
        }
        return TemplateResponse(request, "admin/enquiries/incomingmail/change_form.html", context)

    def _found(self, request: HttpRequest, object_id: str | int) -> IncomingMail:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        mails = self.get_queryset(request).select_related("enquiry", "sorted_by")
        mail = mails.filter(pk=whole_number(str(object_id)) or 0).first()
        if mail is None:
            raise Http404
        return mail

    @method_decorator(require_safe)
    def original(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The mail as it came, to open in a mail program."""
        mail = self._found(request, pk)
        try:
            return files.answer(mail.original(), f"mail-{mail.pk}.eml", "message/rfc822")
        except OSError:
            return self._gone(request, mail)

    @method_decorator(require_safe)
    def file(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """A file of a mail that is in no enquiry yet."""
        mail = self._found(request, pk)
        letter = _letter(mail)
        if letter is None or not number < len(letter.files):
            return self._gone(request, mail)
        found = letter.files[number]
        return files.answer(found.content, found.name, originals.type_of(found.content))

    def _gone(self, request: HttpRequest, mail: IncomingMail) -> HttpResponse:
        self.message_user(request, _("This file is no longer there."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:enquiries_incomingmail_change", args=[mail.pk]))

    # --- Sorting ---

    @method_decorator(require_POST)
    def belongs(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(mail: IncomingMail) -> Enquiry:
            enquiry = _named(request, request.POST.get("enquiry", ""))
            put = sorting.move if mail.fate == Fate.FILED else sorting.belongs_to
            put(mail, enquiry, staff_of(request))
            return enquiry

        return self._sort(request, pk, act)

    @method_decorator(require_POST)
    def make_enquiry(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._sort(request, pk, lambda mail: sorting.make_enquiry(mail, staff_of(request)))

    @method_decorator(require_POST)
    def ignore(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(mail: IncomingMail) -> None:
            sorting.ignore(mail, staff_of(request))

        return self._sort(request, pk, act)

    def _sort(self, request: HttpRequest, pk: int, act: Callable[[IncomingMail], Enquiry | None]) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        mail = self._found(request, pk)
        try:
            enquiry = act(mail)
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:enquiries_incomingmail_change", args=[pk]))
        if enquiry is not None:
            return HttpResponseRedirect(enquiry.get_absolute_url())
        self.message_user(request, _("The mail was put aside."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:enquiries_incomingmail_changelist"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own: list[tuple[str, str, Callable[..., HttpResponseBase]]] = [
            ("original", "<int:pk>/original/", self.original),
            ("file", "<int:pk>/files/<int:number>/", self.file),
            ("belongs", "<int:pk>/belongs/", self.belongs),
            ("make_enquiry", "<int:pk>/make-enquiry/", self.make_enquiry),
            ("ignore", "<int:pk>/ignore/", self.ignore),
        ]
        return [
            *(path(route, view(page), name=f"enquiries_incomingmail_{name}") for name, route, page in own),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IncomingMail | None = None) -> bool:
        """Nothing is deleted by a click: it is put aside, and forgotten after a month."""
        return False


def _letter(mail: IncomingMail) -> Letter | None:
    """The mail read; None if its original is gone, or damaged beyond reading."""
    try:
        return reading.read(mail.original())
    except Exception:
        return None


def _suggestions(request: HttpRequest, mail: IncomingMail) -> list[Enquiry]:
    """The enquiry the mail names, then those of the same sender, newest first."""
    key = Contact.email_key_of(mail.from_address)
    visible = Enquiry.objects.visible_to(staff_of(request)).select_related("contact", "assignee")
    named = mail.enquiry_id or 0
    found = list(visible.filter(pk=named))
    if key:
        same = visible.filter(Q(contact__email_key=key)).exclude(box=Box.MERGED).exclude(pk=named)
        found += same.order_by("-received_at")[:SUGGESTIONS]
    return found[:SUGGESTIONS]


def _named(request: HttpRequest, typed: str) -> Enquiry:
    """The enquiry with this reference, as typed, or as chosen from the suggestions."""
    reference = typed.strip().upper()[:20]
    if reference and not reference.startswith(REFERENCE_PREFIX):
        reference = f"{REFERENCE_PREFIX}{reference}"
    found = Enquiry.objects.visible_to(staff_of(request)).filter(reference=reference).first()
    if found is None:
        raise ValidationError(_("There is no enquiry %(typed)s."), params={"typed": typed.strip()[:40] or "–"})
    return found

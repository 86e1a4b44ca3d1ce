from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from haiheng.long_lists import LongListPaginator
from haiheng.mail.models import OutgoingMail, OutgoingMailQuerySet

if TYPE_CHECKING:
    MailAdmin = admin.ModelAdmin[OutgoingMail]
else:
    MailAdmin = admin.ModelAdmin


@admin.register(OutgoingMail)
class OutgoingMailAdmin(MailAdmin):
    """The outbox: what went out, what waits and why. Only "Send again" changes anything."""

    list_display = ["subject", "recipients", "state", "attempts", "trouble", "next_attempt_at", "created_at"]
    list_filter = ["state", "channel"]
    search_fields = ["subject", "to", "topic"]
    actions = ["send_again"]
    show_full_result_count = False
    paginator = LongListPaginator
    # Newest first; other orders would be worked out over years of mails.
    sortable_by = ()
    change_form_template = "admin/mail/outgoingmail/change_form.html"
    fieldsets = [
        (None, {"fields": ["subject", "recipients", "from_address", "answers_to", "text", "files"]}),
        (
            _("Delivery"),
            {
                "fields": [
                    *("state", "trouble", "server_answer", "attempts", "next_attempt_at"),
                    *("created_at", "accepted_at", "reached"),
                ]
            },
        ),
        (
            _("Technical"),
            {"fields": ["channel", "kind", "topic", "language", "message_id", "null_sender", "more_headers"]},
        ),
    ]

    @admin.display(description=pgettext_lazy("mail", "to"))
    def recipients(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.to)

    @admin.display(description=_("reply to"))
    def answers_to(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.reply_to)

    @admin.display(description=_("accepted for"))
    def reached(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.accepted_by)

    @admin.display(description=_("attachments"))
    def files(self, mail: OutgoingMail) -> str:
        return ", ".join(str(attachment["name"]) for attachment in mail.attachments)

    @admin.display(description=_("further headers"))
    def more_headers(self, mail: OutgoingMail) -> str:
        return "\n".join(f"{name}: {value}" for name, value in mail.headers.items())

    @admin.display(description=_("what went wrong"), ordering="problem")
    def trouble(self, mail: OutgoingMail) -> str:
        return mail.last_error

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: OutgoingMailQuerySet) -> None:
        queued = sum(mail.send_again() for mail in queryset)
        self.message_user(
            request,
            ngettext("%(count)d mail will be sent again.", "%(count)d mails will be sent again.", queued)
            % {"count": queued},
            messages.SUCCESS if queued else messages.WARNING,
        )

    @method_decorator(require_POST)
    def send_one_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_send_permission(request):
            raise PermissionDenied
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        if mail.send_again():
            self.message_user(request, _("The mail will be sent again."), messages.SUCCESS)
        else:
            self.message_user(request, _("The mail is being sent right now."), messages.WARNING)
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:mail_outgoingmail_change", args=[pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.send_one_again)
        return [path("<int:pk>/send-again/", view, name="mail_outgoingmail_send_again"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_send_again": self.has_send_permission(request)}
        return super().changeform_view(request, object_id, form_url, context)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who may change mails may send them again; nobody edits what was said."""
        return super().has_change_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False

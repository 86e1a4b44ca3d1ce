from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "haiheng.mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from haiheng.mail.checks import check_chats

        checks.register(check_chats)

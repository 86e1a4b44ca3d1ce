from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "haiheng.history"
    verbose_name = _("History")

    def ready(self) -> None:
        from haiheng.history import signals  # models exist only once the apps are loaded

        signals.connect()

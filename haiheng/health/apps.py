from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from haiheng.health import reporting


class HealthConfig(AppConfig):
    name = "haiheng.health"
    verbose_name = _("Health")

    def ready(self) -> None:
        reporting.start_if_wanted()

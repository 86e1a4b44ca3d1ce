from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportingConfig(AppConfig):
    name = "haiheng.exporting"
    verbose_name = _("Taking content out")

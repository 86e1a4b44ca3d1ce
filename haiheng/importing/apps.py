from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "haiheng.importing"
    verbose_name = _("Bringing content in")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LanguagesConfig(AppConfig):
    name = "haiheng.languages"
    verbose_name = _("Languages")

    def ready(self) -> None:
        # Before any map of addresses is read.
        from haiheng.languages import converters

        converters.register()

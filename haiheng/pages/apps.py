from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "haiheng.pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Needs the models, which exist only now.
        from haiheng.pages import linking

        linking.register()

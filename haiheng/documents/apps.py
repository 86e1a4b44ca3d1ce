from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from haiheng.uploads import gates


class DocumentsConfig(AppConfig):
    name = "haiheng.documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        # Needs the models, which exist only now.
        from haiheng.documents import intake

        gates.register("documents", intake.is_offered)

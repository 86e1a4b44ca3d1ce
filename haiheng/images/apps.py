from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from haiheng.uploads import fallbacks


class ImagesConfig(AppConfig):
    name = "haiheng.images"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        # Needs the models, which exist only now.
        from haiheng.images import renditions

        fallbacks.register(renditions.original_of)

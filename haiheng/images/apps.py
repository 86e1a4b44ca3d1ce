from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from haiheng.uploads import fallbacks


class ImagesConfig(AppConfig):
    name = "haiheng.images"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        # Needs the models, which exist only now.
        from haiheng.history import differences
        from haiheng.images import markup, renditions

        fallbacks.register(renditions.original_of)
        differences.DRAWN["images.picture"] = markup.thumbnail_html

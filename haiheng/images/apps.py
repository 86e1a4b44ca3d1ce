from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    name = "haiheng.images"
    verbose_name = _("Pictures")

from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _


class RedirectsConfig(AppConfig):
    name = "haiheng.redirects"
    verbose_name = _("Redirects")

    def ready(self) -> None:
        # Models exist only once the apps are loaded.
        from haiheng.redirects import lookup, moves
        from haiheng.richtext import items

        pre_save.connect(moves.before_save, dispatch_uid="redirects.before")
        post_save.connect(moves.after_save, dispatch_uid="redirects.after")
        items.FORMER.append(lookup.target_of)

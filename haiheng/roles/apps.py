from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RolesConfig(AppConfig):
    name = "haiheng.roles"
    verbose_name = _("Roles")

    def ready(self) -> None:
        post_migrate.connect(_apply, sender=self, dispatch_uid="roles.apply")


def _apply(using: str = "default", **_kwargs: Any) -> None:
    # Permissions are made app by app before; this app stands last among those that have any.
    from haiheng.roles import rights

    if using == "default":
        rights.apply()

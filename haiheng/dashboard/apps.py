from typing import Any

from django.apps import AppConfig
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "haiheng.dashboard"
    verbose_name = _("Overview")

    def ready(self) -> None:
        from haiheng.dashboard import links

        for model in links.kinds():
            models.signals.post_save.connect(_check_links, sender=model, dispatch_uid=f"links.{model._meta.label}")


def _check_links(instance: Any, **_kwargs: Any) -> None:
    from haiheng.dashboard import links

    # After the commit: an item that goes live in the same save is there then.
    transaction.on_commit(lambda: links.check(instance), robust=True)

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
        for signal in (models.signals.post_save, models.signals.post_delete):
            signal.connect(_item_changed, dispatch_uid="links.items")


def _check_links(instance: Any, **_kwargs: Any) -> None:
    from haiheng.dashboard import links

    # After the commit: an item that goes live in the same save is there then.
    transaction.on_commit(lambda: links.check(instance), robust=True)


def _item_changed(instance: Any, **_kwargs: Any) -> None:
    from haiheng.dashboard import links
    from haiheng.richtext import items

    model, pk = type(instance), instance.pk
    if hasattr(instance, "master_id"):
        model, pk = model._meta.get_field("master").related_model, instance.master_id
    if model._meta.label_lower in items.KINDS:
        # By number: the instance loses it when it is deleted.
        item = items.Reference(model._meta.label_lower, pk)
        transaction.on_commit(lambda: links.check_texts_with(item), robust=True)

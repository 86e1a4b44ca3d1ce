from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import gettext_lazy as _

from haiheng.pagecache import version


class PagecacheConfig(AppConfig):
    name = "haiheng.pagecache"
    verbose_name = _("Page cache")

    def ready(self) -> None:
        post_save.connect(_saved_or_deleted, dispatch_uid="pagecache")
        post_delete.connect(_saved_or_deleted, dispatch_uid="pagecache")
        m2m_changed.connect(_relation_changed, dispatch_uid="pagecache")


def _is_public(model: Any) -> bool:
    return getattr(model, "affects_public_pages", False)


def _saved_or_deleted(sender: Any, using: str | None = None, **kwargs: Any) -> None:
    if _is_public(sender):
        transaction.on_commit(version.bump, using=using)


def _relation_changed(sender: Any, instance: Any, model: Any, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and (_is_public(instance) or _is_public(model) or _is_public(sender)):
        transaction.on_commit(version.bump, using=kwargs.get("using"))

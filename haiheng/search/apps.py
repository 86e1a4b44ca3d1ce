from typing import Any

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save, pre_delete
from django.utils.translation import gettext_lazy as _

from haiheng.backup import parts


class SearchConfig(AppConfig):
    name = "haiheng.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        # Made from the content; after a restore, the worker fills it.
        parts.LEFT_OUT.update(("search.SearchEntry", "search.Outdated", "search.Word"))
        post_save.connect(_touch, dispatch_uid="search.save")
        post_delete.connect(_touch, dispatch_uid="search.delete")
        # After it, nobody knows any more which objects had the word.
        pre_delete.connect(_touch_many, dispatch_uid="search.before_delete")
        post_migrate.connect(_fill, sender=self)
        m2m_changed.connect(_relation_changed, dispatch_uid="search.relation")


def _touch(sender: type, instance: Any, *, raw: bool = False, **_kwargs: object) -> None:
    # The models are there only once all applications are loaded.
    from haiheng.search import index
    from haiheng.search.models import Searchable

    if raw:
        return
    if isinstance(instance, Searchable) or hasattr(sender, "search_owner"):
        index.touch(instance)
    _touch_many(sender, instance)


def _touch_many(sender: type, instance: Any, **_kwargs: object) -> None:
    if hasattr(sender, "search_touched"):
        from haiheng.search import index

        found = instance.search_touched()
        index.touch_many(found.model, found.order_by("pk").values_list("pk", flat=True))


def _fill(**_kwargs: object) -> None:
    """After an upgrade that made the tables anew, or a restore without them: the worker fills them."""
    from haiheng.search import index

    index.mark_all_if_empty()


def _relation_changed(sender: type, instance: Any, action: str, **_kwargs: object) -> None:
    if action.startswith("post_") or action == "pre_clear":
        _touch(type(instance), instance)

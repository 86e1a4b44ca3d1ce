from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "haiheng.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        post_save.connect(_touch, dispatch_uid="search.save")
        post_delete.connect(_touch, dispatch_uid="search.delete")


def _touch(sender: type, instance: Any, *, raw: bool = False, **_kwargs: object) -> None:
    # The models are there only once all applications are loaded.
    from haiheng.search import index
    from haiheng.search.models import Searchable

    if not raw and (isinstance(instance, Searchable) or hasattr(sender, "search_owner")):
        index.touch(instance)

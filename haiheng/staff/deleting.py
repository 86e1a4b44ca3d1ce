"""What the question before a deletion names: things that staff know, not the tables that tie them together."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects, quote
from django.db import router
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst


class PlainDeletion(admin.ModelAdmin):  # type: ignore[type-arg]
    """Stands behind every admin class of the site, just before Django's."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        objs = list(objs)
        if not objs:
            return [], {}, set(), []
        collector = NestedObjects(using=router.db_for_write(type(objs[0])), origin=objs)
        collector.collect(objs)
        known = _known_models(self.admin_site)
        counts: dict[str, int] = {}
        refused: set[str] = set()
        models: dict[type[Model], set[Any]] = dict(collector.model_objs)  # type: ignore[assignment]
        for model, found in models.items():
            if model in known:
                name = str(model._meta.verbose_name_plural)
                counts[name] = counts.get(name, 0) + len(found)
            if self.admin_site.is_registered(model):
                model_admin = self.admin_site.get_model_admin(model)
                if not all(model_admin.has_delete_permission(request, obj) for obj in found):
                    refused.add(str(model._meta.verbose_name))
        shown = _only(known, collector.nested(), self._named)
        return shown, counts, refused, [self._named(obj) for obj in collector.protected]

    def _named(self, obj: Any) -> str:
        """The object with its kind, as a link where it has a form."""
        opts = obj._meta
        kind = capfirst(str(opts.verbose_name))
        if not self.admin_site.is_registered(type(obj)):
            return f"{kind}: {obj}"
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(obj.pk)])
        return format_html('{}: <a href="{}">{}</a>', kind, url, obj)


def _known_models(site: admin.AdminSite) -> set[type[Model]]:
    """What has a list of its own or stands as rows in a form."""
    rows = {inline.model for model_admin in site._registry.values() for inline in model_admin.inlines}
    return {model for model in {*site._registry, *rows} if not model._meta.auto_created}


def _only(known: set[type[Model]], tree: Iterable[Any], named: Callable[[Any], str]) -> list[Any]:
    """Return the tree without what nobody knows; what hangs on that moves up."""
    found: list[Any] = []
    hidden = False
    for node in tree:
        if isinstance(node, list):
            below = _only(known, node, named)
            if hidden or not found:
                found += below
            elif below:
                found.append(below)
        else:
            hidden = type(node) not in known
            if not hidden:
                found.append(named(node))
    return found

"""What the admin has: every model with its own pages and actions beyond those of Django."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.urls import URLPattern

STOCK = ("changelist", "add", "change", "delete", "history")


def models() -> Iterator[tuple[str, "ModelAdmin[Any]"]]:
    for model, model_admin in admin.site._registry.items():
        yield model._meta.label_lower, model_admin


def own_pages(model_admin: "ModelAdmin[Any]") -> dict[str, URLPattern]:
    """The pages beyond Django's usual five, by their short name."""
    model = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_"
    found: dict[str, URLPattern] = {}
    for each in model_admin.get_urls():
        name = str(each.name or "")
        short = name.removeprefix(model).removeprefix("auth_user_")
        # Django's last pattern leads old addresses without "change/" on; it has no name.
        if name and short not in STOCK:
            found[short] = each
    return found


def own_actions(model_admin: "ModelAdmin[Any]") -> set[str]:
    if model_admin.actions is None:
        return set()
    return {name for _function, name, _label in model_admin._get_base_actions()}  # type: ignore[attr-defined]

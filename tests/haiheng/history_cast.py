"""Versions and forms, for tests of histories."""

from typing import Any

from django.test import Client
from django.urls import reverse

from haiheng.history.differences import Comparison
from haiheng.history.models import Version
from tests.support.forms import untouched


def versions_of(obj: Any) -> list[Version]:
    return list(Version.objects.of(type(obj), obj.pk).newest_first())


def page_of(obj: Any, name: str, *more: object) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk, *more])


def form_of(client: Client, obj: Any, **changes: Any) -> dict[str, Any]:
    html = client.get(page_of(obj, "change")).content.decode()
    return {**untouched(html, f"{obj._meta.model_name}_form"), **changes}


def words(before: Version, after: Version, model: Any) -> str:
    contents = before.content, after.content
    changes = Comparison(model, contents).changes(*contents)
    return "\n".join(" | ".join(filter(None, (c.label, c.sentence, c.before, c.after, c.passages))) for c in changes)

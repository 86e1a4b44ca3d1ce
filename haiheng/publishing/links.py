"""Signed links that show an item to somebody without an account."""

import secrets
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from haiheng.addresses import absolute
from haiheng.publishing.models import PreviewKey, Publishable

SALT = "haiheng.publishing.preview"


def key_of(obj: models.Model) -> PreviewKey | None:
    """The key under which its links open now."""
    rows = PreviewKey.objects.filter(model=obj._meta.label_lower, object_id=obj.pk)
    return rows.filter(until__gt=timezone.now()).first()


def renew(obj: models.Model) -> PreviewKey:
    """A new key, for as many days as the settings say; every link made before opens nothing from now on."""
    until = timezone.now() + timedelta(days=settings.PREVIEW_LINK_DAYS)
    values = {"key": secrets.token_hex(8), "until": until}
    found, _created = PreviewKey.objects.update_or_create(
        model=obj._meta.label_lower, object_id=obj.pk, defaults=values
    )
    return found


def revoke(obj: models.Model) -> None:
    PreviewKey.objects.filter(model=obj._meta.label_lower, object_id=obj.pk).delete()


def address(key: PreviewKey, language: str) -> str:
    token = signing.dumps([key.model, key.object_id, language, key.key], salt=SALT, compress=True)
    return absolute(reverse("preview", kwargs={"token": token}))


def opened(token: str) -> tuple[Any, str] | None:
    """The item and the language of a link; None if it was never made, is over, revoked, or its item in the trash."""
    try:
        label, number, language, secret = signing.loads(token, salt=SALT)
        model = apps.get_model(label)
    except (signing.BadSignature, ValueError, LookupError):
        return None
    key = PreviewKey.objects.filter(model=label, object_id=number, until__gt=timezone.now()).first()
    if key is None or not constant_time_compare(key.key, secret) or not issubclass(model, Publishable):
        return None
    try:
        obj = model.objects.kept().get(pk=number)
    except ObjectDoesNotExist:
        return None
    return (obj, language) if language in dict(settings.LANGUAGES) else None

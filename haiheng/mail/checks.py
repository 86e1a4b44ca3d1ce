"""Settings that can only be understood with the library at hand; run by every command, the worker's start included."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


def check_chats(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[checks.CheckMessage]:
    if not settings.NOTIFY_URLS:
        return []
    # It knows a hundred kinds of chats and takes a second to load them.
    from apprise import Apprise

    return [
        checks.Error(
            f"NOTIFY_URLS: {name} is not the address of a chat that can be used.",
            hint="The names of chats and the forms of their addresses are those of Apprise.",
            id="mail.E001",
        )
        for name, address in settings.NOTIFY_URLS.items()
        if Apprise.instantiate(address) is None
    ]

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "haiheng.accounts"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from haiheng.accounts import sessions

        def on_sign_in(request: HttpRequest | None = None, **_kwargs: Any) -> None:
            if request is not None and hasattr(request, "session"):
                sessions.begin(request.session)

        user_logged_in.connect(on_sign_in, weak=False, dispatch_uid="accounts.begin_session")

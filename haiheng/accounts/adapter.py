"""How the sign-in library behaves for staff of this site."""

from typing import Any
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from haiheng.accounts.models import User
from haiheng.addresses import absolute, client_ip


class OurSite:
    """What mail templates of the library ask for; from SITE_URL, never from the request's host."""

    name = settings.MFA_TOTP_ISSUER

    def __init__(self) -> None:
        self.domain = urlsplit(settings.SITE_URL).netloc


# One sentence for an unknown name, a wrong password and an account that is closed.
NO_MATCH = _("That name and password do not match. Check both, or choose “Forgotten?”.")


class StaffAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NO_MATCH,
        "email_password_mismatch": NO_MATCH,
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are added by an administrator; nobody else has an account."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        # A local proxy over a Unix socket tells no address.
        return client_ip(request) or "127.0.0.1"

    def is_safe_url(self, url: str | None) -> bool:
        """Accept paths of this site alone: the library's own rule believes the request's host, and http links."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def _attempts(self, request: HttpRequest, name: str) -> list[tuple[str, str | None]]:
        # The library's key holds the request's host, so an attacker would have one budget for each host name.
        account = name.strip().lower()
        return [
            ("login_failed", f"{account}|{self.get_client_ip(request)}"),
            ("login_failed_account", account),
            ("login_failed_address", None),
        ]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        name = str(credentials.get("email") or credentials.get("username") or "")
        used = []
        for action, key in self._attempts(request, name):
            usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if usage is None:
                raise self.validation_error("too_many_login_attempts")
            used += usage.usage
        # Given back by the library when the password was right.
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(usage=used)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        name = str(credentials.get("email") or credentials.get("username") or "")
        for action, key in self._attempts(request, name)[:2]:
            ratelimit.clear(request, app="allauth.account", action=action, key=key)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the member of staff; people who may not work here get the same answer as a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and user.may_work else None

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if user.may_work:
            super().send_password_reset_mail(user, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(path.replace("UID-KEY", quote(key)))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        ours = {"email": email, **context, "current_site": OurSite(), "request": self.request}
        self.render_mail(template_prefix, email, ours).send()


class StaffSecondStepAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the site's own name; on a machine without https to the name in the address bar."""
        host = urlsplit(settings.SITE_URL).hostname if settings.HTTPS else context.request.get_host().partition(":")[0]
        return {"id": str(host), "name": self._get_site_name()}

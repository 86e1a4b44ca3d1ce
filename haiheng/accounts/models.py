from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. Visitors have no accounts."""

    language = models.CharField(
        _("language of the admin"), max_length=10, blank=True, help_text=_("Empty: as the browser asks.")
    )

    class Notify(models.TextChoices):
        """Of which enquiries somebody wants to hear by mail."""

        ALL = "all", _("All enquiries")
        MINE = "mine", _("Those assigned to me")
        DIGEST = "digest", _("One summary each working day")
        NONE = "none", _("None")

    notify = models.CharField(
        _("mails about enquiries"),
        max_length=6,
        choices=Notify,
        default=Notify.MINE,
        help_text=_("The company’s shared address hears of every enquiry, whatever is chosen here."),
    )

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        constraints = [
            # Staff sign in with it, too.
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="accounts_one_address_each",
                violation_error_message=_("Another member of staff has this address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Sign-in and reset look addresses up in lower case.
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @property
    def may_work(self) -> bool:
        return self.is_active and self.is_staff

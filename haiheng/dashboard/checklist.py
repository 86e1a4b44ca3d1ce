"""First steps on a new site. Each goes when it is done, or when somebody says that it is not needed."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haiheng.accounts.models import User
from haiheng.backup.models import Copy
from haiheng.company.models import CompanyProfile
from haiheng.dashboard.models import Waved
from haiheng.mail.models import OutgoingMail
from haiheng.mail.models import State as MailState


@dataclass(frozen=True)
class Step:
    key: str
    label: Promise
    hint: Promise
    done: Callable[[User], bool]
    # Name of an admin page, or "" where the step is done elsewhere.
    page: str = ""
    right: str = "company.change_companyprofile"

    @property
    def url(self) -> str:
        return reverse(self.page) if self.page else ""


def _profile(_user: User) -> bool:
    profile = CompanyProfile.load()
    return bool(profile.email and profile.telephone and profile.text("address"))


def _mail(_user: User) -> bool:
    return settings.MAIL_TRANSPORT == "smtp" and OutgoingMail.objects.filter(state=MailState.SENT).exists()


def _second_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def _colleagues(user: User) -> bool:
    return User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk).exists()


def _backup(_user: User) -> bool:
    return Copy.objects.filter(off_machine=True).exists()


def _added(app: str, model: str) -> Callable[[User], bool]:
    def done(_user: User) -> bool:
        return LogEntry.objects.filter(
            content_type__app_label=app, content_type__model=model, action_flag=ADDITION
        ).exists()

    return done


STEPS = (
    Step(
        "profile", _("Fill in the company’s profile"), _("Address, telephone and e-mail stand on every page."),
        _profile, "admin:company_companyprofile_changelist",
    ),
    Step(
        "mail", _("Let mail leave"),
        _("Set EMAIL_URL, then run manage.py test_mail. Until then, mails go to files and nobody receives them."),
        _mail,
    ),
    Step(
        "backup", _("Have backups made"),
        _("Set BACKUP_URL, then run manage.py backup. The worker then makes one each night, away from this machine."),
        _backup,
    ),
    Step(
        "second-step", _("Secure your sign-in"), _("A passkey or an authenticator app."),
        _second_step, "mfa_index",
    ),
    Step(
        "colleagues", _("Invite your colleagues"), _("Each has an account and a role."),
        _colleagues, "admin:accounts_user_changelist", "accounts.add_user",
    ),
    Step("product", _("Add your first product"), _("Its drawing or picture, and its specification."),
         _added("products", "product"), "admin:products_product_add", "products.add_product"),
    Step("article", _("Write your first article"), _("What is new, in two languages."),
         _added("news", "article"), "admin:news_article_add", "news.add_article"),
)  # fmt: skip
KEYS = {step.key for step in STEPS}


def left(user: User) -> list[Step]:
    """The steps that this user could do and nobody has; none for those who do not look after the site."""
    if not user.has_perm("company.change_companyprofile"):
        return []
    waved = set(Waved.objects.values_list("key", flat=True))
    return [step for step in STEPS if step.key not in waved and user.has_perm(step.right) and not step.done(user)]

"""What the first page of the staff area shows: each block for those who may see what it tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_countries import countries

from enquiries import listing, responses
from enquiries.clock import Office
from enquiries.models import Box, Enquiry
from enquiries.models.enquiry import EnquiryQuerySet
from haiheng.accounts.models import User
from haiheng.dashboard import backups, charts, checklist, checks, weeks
from haiheng.dashboard.findings import Finding, finding_of, form_url, title_of
from haiheng.mail.models import OutgoingMail
from haiheng.publishing.models import State
from haiheng.visits.models import DailyViews
from products import tree

ROWS = 6
MOST_READ = 5
COUNTRIES = 6
_READ_DAYS = 7
_KEPT_SECONDS = 300


@dataclass(frozen=True)
class Notice:
    """Something that needs attention."""

    text: str
    url: str


@dataclass(frozen=True)
class Figure:
    value: str
    label: str
    note: str = ""
    url: str = ""
    is_news: bool = False


@dataclass(frozen=True)
class Read:
    label: str
    url: str
    count: int


@dataclass(frozen=True)
class Mark:
    """One language of one item."""

    sign: str
    word: str
    url: str


class Today:
    """Blocks are worked out when the template asks for them."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.now = timezone.localtime()
        self.sees_enquiries = user.has_perm("enquiries.view_enquiry")
        self.sees_all_enquiries = self.sees_enquiries and EnquiryQuerySet.everything_visible_to(user)
        self.sees_content = user.has_perm("dashboard.view_board")
        self.sees_visits = user.has_perm("visits.view_dailyviews")

    @property
    def inbox_url(self) -> str:
        return reverse("admin:enquiries_enquiry_changelist")

    @property
    def board_url(self) -> str:
        return reverse("admin:dashboard_board_changelist")

    def steps(self) -> list[checklist.Step]:
        return checklist.left(self.user)

    # --- What needs attention (that mail stands still, a banner says on every page) ---

    def notices(self) -> list[Notice]:
        return [*self._backup_notices(), *self._enquiry_notices(), *self._content_notices()]

    def _backup_notices(self) -> Iterable[Notice]:
        """For those who look after the site; before there is a second place, the checklist says so."""
        if self.user.has_perm("company.change_companyprofile") and (text := backups.warning()):
            yield Notice(text, "")

    def _enquiry_notices(self) -> Iterable[Notice]:
        if not self.sees_enquiries:
            return
        mails = reverse("admin:mail_outgoingmail_changelist")
        if self.sees_all_enquiries:
            failed = OutgoingMail.objects.failed().filter(created_at__gt=self.now - timedelta(days=7)).order_by()
            if count := failed[: checks.MOST].count():
                text = ngettext("%(n)d mail failed this week.", "%(n)d mails failed this week.", count)
                yield Notice(text % {"n": count}, f"{mails}?state__exact=failed")
        held = listing.capped(Enquiry.objects.visible_to(self.user).quarantined(), limit=checks.MOST)
        if held:
            text = ngettext("%(n)d message is held back as spam.", "%(n)d messages are held back as spam.", held)
            yield Notice(text % {"n": held}, f"{self.inbox_url}?view=spam")

    def _content_notices(self) -> Iterable[Notice]:
        if not self.sees_content:
            return
        for check in checks.checks():
            if check.key == "links" and (count := check.count()):
                text = ngettext("%(n)d link in a text leads nowhere.", "%(n)d links in texts lead nowhere.", count)
                yield Notice(text % {"n": count}, f"{self.board_url}?show=links")

    # --- Five figures -----------------------------------------------------------

    def figures(self) -> list[Figure]:
        found = []
        if self.sees_enquiries:
            found += self._enquiry_figures()
        if self.sees_content:
            found += self._content_figures()
        return found

    def _enquiry_figures(self) -> list[Figure]:
        office = Office.load()
        told = responses.figures(self.user, office)
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        boxes = (Box.INBOX, Box.WAITING, Box.SNOOZED, Box.CLOSED)
        new = listing.capped(Enquiry.objects.visible_to(self.user).filter(box__in=boxes, received_at__gte=midnight))
        today = f"{self.inbox_url}?since={midnight:%Y-%m-%d}"
        oldest = _("oldest: %(age)s") % {"age": told.longest_wait_words} if told.longest_wait is not None else ""
        return [
            Figure(
                _number(new), ngettext("new enquiry today", "new enquiries today", new), "", today, is_news=new > 0
            ),
            Figure(_number(told.unanswered), _("without an answer"), oldest, self.inbox_url),
            Figure(
                told.first_answer_words or "–", _("to the first answer"), _("median of 30 days, in working time")
            ),
        ]  # fmt: skip

    def _content_figures(self) -> list[Figure]:
        drafts = sum(
            model._default_manager.in_state(State.DRAFT).order_by()[: checks.MOST].count()
            for model, _url in self._kinds()
        )
        missing = checks.missing_translations()
        drafts_url = f"{reverse('admin:news_article_changelist')}?state=draft"
        return [
            Figure(_number(drafts), ngettext("draft", "drafts", drafts), "", drafts_url),
            Figure(
                _number(missing, checks.MOST), ngettext("missing translation", "missing translations", missing), "",
                self.board_url,
            ),
        ]  # fmt: skip

    def _kinds(self) -> list[tuple[Any, str]]:
        """The kinds of content this user may see, with the addresses of their lists."""
        found = []
        for model in checks.CONTENT:
            options = model._meta
            if self.user.has_perm(f"{options.app_label}.view_{options.model_name}"):
                found.append((model, reverse(f"admin:{options.app_label}_{options.model_name}_changelist")))
        return found

    # --- Lists --------------------------------------------------------------------

    def unanswered(self) -> list[Enquiry]:
        """Those that wait longest."""
        pks = Enquiry.objects.visible_to(self.user).our_turn().values_list("pk", flat=True)[:ROWS]
        rows = listing.load(list(pks))
        office = Office.load()
        for row in rows:
            row.age_in_words = office.age(row.our_turn_since) if row.our_turn_since else ""  # type: ignore[attr-defined]
        return rows

    def most_read(self) -> list[Read]:
        """Of the last seven days."""
        key = f"dashboard:most-read:{get_language()}:{self.now.date()}"
        return cache.get_or_set(key, self._most_read, _KEPT_SECONDS) or []

    def _most_read(self) -> list[Read]:
        since = self.now.date() - timedelta(days=_READ_DAYS - 1)
        rows = DailyViews.objects.filter(day__gte=since).order_by().values_list("key").annotate(n=Sum("count"))
        found = []
        for key, count in rows.order_by("-n", "key")[: MOST_READ * 3]:
            label, _colon, pk = key.partition(":")
            item: Any = apps.get_model(label)._default_manager.filter(pk=pk).first() if pk and "." in label else None
            if item is not None:
                found.append(Read(title_of(item), form_url(item), count))
        return found[:MOST_READ]

    def drafts(self) -> list[Finding]:
        """The newest drafts of each kind."""
        found = []
        for model, _url in self._kinds():
            for item in model._default_manager.in_state(State.DRAFT).order_by("-pk").for_lists()[:3]:
                note = timezone.localtime(item.updated_at).date().isoformat()
                found.append(finding_of(item, note=note))
        return found

    def languages(self) -> list[str]:
        return [str(name) for _code, name in settings.LANGUAGES]

    def translations(self) -> list[tuple[Finding, list[Mark]]]:
        """The newest items, and how each stands in every language."""
        found = []
        for model, _url in self._kinds():
            for item in model._default_manager.kept().order_by("-pk").for_lists()[:3]:
                found.append((finding_of(item), [_mark(item, code) for code, _name in settings.LANGUAGES]))
        return found

    # --- Charts -------------------------------------------------------------------

    @cached_property
    def weeks(self) -> list[date]:
        return weeks.shown(self.now.date())

    @cached_property
    def groups(self) -> list[tuple[int | None, str]]:
        """The groups of products that are told apart: the two with most enquiries, and the rest."""
        names = {root.pk: root.name for root in tree.roots()}
        totals: dict[int | None, int] = {}
        for row in self._sums.values():
            for category, count in row.items():
                totals[category] = totals.get(category, 0) + count
        biggest = sorted((pk for pk in totals if pk in names), key=lambda pk: -totals[pk])
        return [(pk, names[pk]) for pk in biggest[: charts.SERIES - 1] if pk is not None] + [(None, _("Other"))]

    @cached_property
    def _sums(self) -> dict[date, Any]:
        return weeks.by_group(self.weeks)

    @cached_property
    def table(self) -> list[tuple[str, list[int]]]:
        """The numbers behind the bars: a row per week, a column per group."""
        named = [pk for pk, _name in self.groups[:-1]]
        rows = []
        for week in self.weeks:
            sums = self._sums[week]
            parts = [sums[pk] for pk in named]
            rows.append((str(week.isocalendar().week), [*parts, sum(sums.values()) - sum(parts)]))
        return rows

    def bars(self) -> charts.Bars:
        return charts.stacked([label for label, _row in self.table], [row for _label, row in self.table])

    def countries(self) -> list[charts.Share]:
        rows = weeks.by_country(self.weeks)
        known = [(code, count) for code, count in rows if code]
        shown = [(str(countries.name(code)), count) for code, count in known[:COUNTRIES]]
        rest = sum(count for _code, count in rows) - sum(count for _name, count in shown)
        return charts.shares(shown, (_("Other or unknown"), rest))


def _mark(item: Any, code: str) -> Mark:
    text = next((text for text in item.translations.all() if text.language_code == code), None)
    sign, word = ("●", _("ready")) if text and text.ready else ("◐", _("not ready")) if text else ("", _("Add"))
    return Mark(sign, word, form_url(item, code))


def _number(count: int, limit: int = listing.COUNT_LIMIT) -> str:
    return f"{limit}+" if count > limit else str(count)

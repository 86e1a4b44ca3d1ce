from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enquiries import erasing, trails
from enquiries.models import Enquiry, ReadingTrail
from haiheng import visits
from haiheng.visits import trail
from haiheng.visits.models import TrailStep
from news.models import Article
from tests.factories import make_article

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    settings.READING_TRAIL = True


@pytest.fixture
def article(db: None) -> Article:
    return make_article("How to read a specification")


def reader(address: str = "203.0.113.9", browser: str = BROWSER) -> Client:
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=browser, HTTP_ACCEPT_LANGUAGE="en")


def read(client: Client, path: str, **headers: Any) -> None:
    assert client.get(path, **headers).status_code == 200


def write(client: Client, name: str = "Amina Otieno") -> Enquiry:
    email = f"{name.split()[0].lower()}@example.com"
    sent = {"name": name, "email": email, "message": f"Four minibuses for {name}, please."}
    assert client.post("/contact/", sent).status_code == 303
    return Enquiry.objects.latest("pk")


def collect() -> None:
    visits.flush()
    ReadingTrail.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    TrailStep.objects.update(read_at=timezone.now() - timedelta(minutes=3))
    trails.collect_due()


def test_staff_see_what_was_read_before_writing(desk: Client, article: Article) -> None:
    buyer = reader()
    read(buyer, f"{article.get_absolute_url()}?utm_campaign=fair", HTTP_REFERER="https://search.example/q")
    read(buyer, article.get_absolute_url())
    enquiry = write(buyer)
    collect()
    shown = trails.shown(enquiry)
    assert shown is not None
    assert (shown.referrer_host, shown.campaign) == ("search.example", "fair")
    assert [page.label for page in shown.pages_read] == ["How to read a specification"]  # type: ignore[attr-defined]
    page = desk.get(f"/admin/enquiries/enquiry/{enquiry.pk}/change/").content.decode()
    assert "Read before writing" in page
    assert "search.example" in page


def test_nothing_is_kept_unless_it_is_asked_for(article: Article, settings: Any) -> None:
    settings.READING_TRAIL = False
    buyer = reader()
    read(buyer, article.get_absolute_url())
    write(buyer)
    visits.flush()
    assert not TrailStep.objects.exists()
    assert not ReadingTrail.objects.exists()


def test_visitors_are_told_where_it_is_kept(settings: Any, db: None) -> None:
    assert "which of our pages you read" in reader().get("/contact/").content.decode()
    settings.READING_TRAIL = False
    assert "which of our pages you read" not in reader().get("/contact/").content.decode()


def test_somebody_elses_reading_is_not_shown(article: Article) -> None:
    read(reader("203.0.113.10"), article.get_absolute_url())
    enquiry = write(reader("203.0.113.9"))
    collect()
    assert trails.shown(enquiry) is None


def test_nothing_is_shown_where_several_people_share_a_key(article: Article) -> None:
    office = reader()
    read(office, article.get_absolute_url())
    first = write(office, "Amina Otieno")
    collect()
    assert trails.shown(first) is not None
    second = write(office, "Brian Kamau")
    collect()
    assert trails.shown(first) is None
    assert trails.shown(second) is None
    assert not any(ReadingTrail.objects.values_list("pages", flat=True))


def test_programs_leave_no_trail(article: Article) -> None:
    read(reader(browser="Googlebot/2.1 (+http://www.google.com/bot.html)"), article.get_absolute_url())
    visits.flush()
    assert not TrailStep.objects.exists()


def test_the_key_is_another_one_each_day_and_holds_no_address() -> None:
    seen = {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": BROWSER}
    now = timezone.now()
    today, tomorrow = trail.reader_of(seen, now), trail.reader_of(seen, now + timedelta(days=1))
    assert today
    assert today != tomorrow
    assert today == trail.reader_of(seen, now)
    assert "203" not in bytes.fromhex(today).decode("latin-1")


def test_reading_without_writing_is_gone_after_a_day(article: Article) -> None:
    read(reader(), article.get_absolute_url())
    visits.flush()
    trail.forget_old()
    assert TrailStep.objects.count() == 1
    TrailStep.objects.update(read_at=timezone.now() - timedelta(hours=25))
    trail.forget_old()
    assert not TrailStep.objects.exists()


def test_a_trail_ends_after_ninety_days_and_its_key_after_one(article: Article) -> None:
    buyer = reader()
    read(buyer, article.get_absolute_url())
    write(buyer)
    collect()
    ReadingTrail.objects.update(created_at=timezone.now() - timedelta(hours=25))
    trails.forget_old()
    row = ReadingTrail.objects.get()
    assert (row.reader, bool(row.pages)) == ("", True)
    ReadingTrail.objects.update(created_at=timezone.now() - timedelta(days=91))
    trails.forget_old()
    assert not ReadingTrail.objects.exists()


def test_an_erased_person_has_no_trail(article: Article, make_enquiry: Callable[..., Enquiry]) -> None:
    buyer = reader()
    read(buyer, article.get_absolute_url())
    enquiry = write(buyer)
    collect()
    erasing.erase(enquiry.contact, None)
    assert not ReadingTrail.objects.exists()


def test_a_page_that_is_gone_is_still_named(article: Article) -> None:
    buyer = reader()
    read(buyer, article.get_absolute_url())
    enquiry = write(buyer)
    collect()
    key = visits.key_of(article)
    article.delete()
    shown = trails.shown(enquiry)
    assert shown is not None
    assert [page.label for page in shown.pages_read] == [key]  # type: ignore[attr-defined]

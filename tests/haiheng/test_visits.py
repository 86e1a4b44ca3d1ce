import threading
from datetime import UTC, date, datetime

import pytest
from django.contrib.admin import AdminSite
from django.db import DatabaseError, connections
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.template import Context, Template

from haiheng import visits
from haiheng.accounts.models import User
from haiheng.pagecache import version
from haiheng.visits import queue, readers
from haiheng.visits.admin import ReadOnlyAdmin
from haiheng.visits.middleware import VisitsMiddleware
from haiheng.visits.models import DailyViews, ViewCount

KEY = "news.article:12"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 "
    "Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.50.2701(0x28003255) WeChat/arm64 NetType/WIFI Language/zh_CN"
)
FACEBOOK_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21A329 "
    "[FBAN/FBIOS;FBAV/440.0.0.31;FBDV/iPhone14,5]"
)


def environ(**changes) -> dict[str, str]:
    return {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": CHROME, **changes}


def read(**changes) -> int:
    visits.record(KEY, environ(**changes), "en")
    visits.flush()
    return visits.totals([KEY])[KEY]


@pytest.mark.django_db
@pytest.mark.parametrize("browser", [CHROME, WECHAT, FACEBOOK_APP])
def test_a_browser_counts_also_inside_a_chat_app(browser):
    assert read(HTTP_USER_AGENT=browser) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fetcher",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
        "WhatsApp/2.23.18.78 A",
        "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "curl/8.5.0",
        "python-requests/2.32",
        "GPTBot/1.2",
        "",
    ],
)
def test_bots_and_link_previews_do_not_count(fetcher):
    assert read(HTTP_USER_AGENT=fetcher) == 0


NAMED = [
    "AppleNewsReader", "CloudWatchCanary", "DataFetcher", "EdgeProbe", "FeedHarbor", "GraphWalker", "HeadlineGrabber",
    "IndexLoom", "JobSifter", "KeywordMiner", "LinkLedger", "MailProof", "NewsNet", "OpenGraphCheck", "PagePulse",
    "QuoteMiner", "RankTracker", "SiteLens", "TrendFinder", "UptimeEye", "VisualDiff", "WebMirror", "XmlFarm",
    "YieldMapper", "ZoneMapper", "anthropic-ai", "cohere-ai", "colly", "Rivva", "venus",
]  # fmt: skip
FORMS = (
    "{0}",
    "{0}/2.1",
    "Mozilla/5.0 (compatible; {0}; +https://{0}.example/about)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; {0}/1.0) Chrome/135.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/134.0 Safari/537.36 ({0}, https://{0}.example)",
)


@pytest.mark.django_db
def test_of_150_declared_bots_at_most_one_in_twenty_counts():
    bots = [form.format(name) for name in NAMED for form in FORMS]
    assert len(bots) == 150
    for bot in bots:
        visits.record(KEY, environ(HTTP_USER_AGENT=bot), "en")
    visits.flush()
    assert visits.totals([KEY])[KEY] <= 7


@pytest.mark.parametrize(
    "browser",
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; fr) Presto/2.12.423 Version/12.16",
        "UCWEB/2.0 (MIDP-2.0; U; Adr 4.4.4; en-US; TECNO-Y6) U2/1.0.0 UCBrowser/10.7.9.856 U2/1.0.0 Mobile",
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1"
        ),
        "Nokia6300/2.0 (07.21) Profile/MIDP-2.0 Configuration/CLDC-1.1",
    ],
)
def test_old_and_simple_browsers_are_people(browser):
    assert readers.is_reader(browser)


@pytest.mark.django_db
@pytest.mark.parametrize("fetcher", ["WhatsApp/2.23.18.78 A", "facebookexternalhit/1.1", WECHAT])
def test_link_previews_are_never_limited(client, fetcher, settings):
    settings.RATE_LIMITS = True
    assert {client.get("/contact/", HTTP_USER_AGENT=fetcher).status_code for _ in range(30)} == {200}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "request_like",
    [
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_MOZ": "prefetch"},
        {"HTTP_COOKIE": "a=b; sessionid=abc"},
    ],
)
def test_prefetch_head_and_staff_do_not_count(request_like, settings):
    settings.SESSION_COOKIE_NAME = "sessionid"
    assert read(**request_like) == 0


@pytest.mark.django_db
def test_totals_grow_and_unread_things_have_none():
    assert [read(), read(), read()] == [1, 2, 3]
    assert visits.totals([KEY, "news.article:99"]) == {KEY: 3, "news.article:99": 0}


@pytest.mark.django_db
def test_counting_never_makes_a_page_anew(django_capture_on_commit_callbacks):
    before = version.current()
    with django_capture_on_commit_callbacks(execute=True):
        assert read() == 1
    assert version.current() == before


@pytest.mark.django_db
def test_totals_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        visits.totals([f"news.article:{number}" for number in range(50)])
    with django_assert_num_queries(0):
        assert visits.totals([]) == {}


@pytest.mark.django_db
def test_a_flush_of_many_pages_costs_a_handful_of_statements(django_assert_max_num_queries):
    for number in range(150):
        visits.record(f"news.article:{number}", environ())
    with django_assert_max_num_queries(6):
        assert visits.flush() == 150


@pytest.mark.django_db
def test_a_day_is_summed_by_language_source_and_campaign(settings, monkeypatch):
    settings.SITE_URL = "https://www.haiheng.example"
    moment = datetime(2026, 11, 22, 17, 0, tzinfo=UTC).timestamp()
    monkeypatch.setattr(queue.time, "time", lambda: moment)
    read(HTTP_REFERER="https://www.google.com/search?q=secret", QUERY_STRING="utm_campaign=Fair+2026&x=1")
    read(HTTP_REFERER="https://www.google.com/", QUERY_STRING="utm_campaign=Fair 2026")
    read(HTTP_REFERER="https://haiheng.example/news/")
    rows = set(DailyViews.objects.values_list("day", "language", "referrer_host", "campaign", "count"))
    tomorrow_in_hong_kong = date(2026, 11, 23)
    assert rows == {
        (tomorrow_in_hong_kong, "en", "google.com", "Fair 2026", 2),
        (tomorrow_in_hong_kong, "en", "", "", 1),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("referrer", ["http://[bad", "javascript:alert(1)", "\x00", "https://a\x00b/", "x" * 5000])
def test_a_made_up_referrer_is_none(referrer):
    assert read(HTTP_REFERER=referrer, QUERY_STRING="utm_campaign=%00%ff&" + "a=b&" * 3000) == 1
    assert DailyViews.objects.get().referrer_host == ""


def test_made_up_names_do_not_fill_the_table():
    readings = readers.Readings()
    made_up = [(KEY, "en", CHROME, f"https://h{n}.example/", "") for n in range(2000)]
    hosts = {reading.referrer_host for hit in made_up if (reading := readings.of(hit, 0.0))}
    assert len(hosts) == readers.DIFFERENT_A_DAY + 1


@pytest.mark.django_db
def test_what_could_not_be_written_is_written_later(monkeypatch):
    visits.record(KEY, environ())
    written = queue.add

    def broken(counts):
        raise DatabaseError("away")

    monkeypatch.setattr(queue, "add", broken)
    with pytest.raises(DatabaseError):
        visits.flush()
    visits.record(KEY, environ())
    monkeypatch.setattr(queue, "add", written)
    assert visits.flush() == 2
    assert visits.totals([KEY]) == {KEY: 2}


@pytest.mark.django_db(transaction=True)
def test_no_view_is_lost_between_threads():
    def read_often() -> None:
        for _ in range(500):
            visits.record(KEY, environ())
        connections.close_all()

    threads = [threading.Thread(target=read_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    written = 0
    while any(thread.is_alive() for thread in threads):
        written += visits.flush()
    written += visits.flush()
    assert written == 4000
    assert ViewCount.objects.get(key=KEY).total == 4000


def _answer(rf, response: HttpResponse, **headers) -> HttpResponse:
    request = rf.get("/news/", headers={"user-agent": CHROME, **headers})
    handler = ConditionalGetMiddleware(VisitsMiddleware(lambda request: response))
    return handler(request)


def marked(status: int = 200) -> HttpResponse:
    response = HttpResponse("page", status=status)
    visits.mark(response, KEY, "en")
    return response


@pytest.mark.django_db
def test_a_marked_page_counts_and_so_does_its_304(rf):
    first = _answer(rf, marked())
    assert _answer(rf, marked(), if_none_match=first["ETag"]).status_code == 304
    visits.flush()
    assert visits.totals([KEY]) == {KEY: 2}


@pytest.mark.django_db
def test_errors_and_unmarked_pages_do_not_count(rf):
    _answer(rf, marked(404))
    _answer(rf, HttpResponse("page"))
    assert visits.flush() == 0


@pytest.mark.django_db
def test_templates_read_the_totals_of_a_list():
    lin = User.objects.create(username="lin")
    visits.record(visits.key_of(lin), environ())
    visits.flush()
    context = Context({"totals": visits.totals_for([lin]), "user": lin})
    assert Template("{% load visits %}{{ totals|views_of:user }}").render(context) == "1"


@pytest.mark.parametrize("model", [ViewCount, DailyViews])
def test_counts_can_be_seen_but_not_changed(model, rf):
    page = ReadOnlyAdmin(model, AdminSite())
    request = rf.get("/admin/")
    request.user = User(is_superuser=True, is_active=True)
    assert page.has_view_permission(request)
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)

import gzip
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError

from haiheng import visits
from haiheng.company.models import CompanyProfile
from haiheng.pagecache import version
from haiheng.pagecache.wsgi import PageCache, known_part

PAGE = ("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("X-Request-ID", "1")], b"<p>Hello</p>" * 50)


class Inside:
    """A stand-in for the site: answers what it is told, and counts how often it is asked."""

    def __init__(self, answer=PAGE, mark=None):
        self.answer, self.mark, self.asked, self.queries = answer, mark, 0, []

    def __call__(self, environ, start_response):
        self.asked += 1
        self.queries.append(environ["QUERY_STRING"])
        if self.mark:
            environ["haiheng.visits.mark"] = self.mark
        status, headers, body = self.answer
        start_response(status, headers)
        return [body]


class Browser:
    def __init__(self, inside, **options):
        self.recorded = []
        record = lambda key, environ, language: self.recorded.append(key)  # noqa: E731
        self.cache = PageCache(inside, record=record, **{"megabytes": 1, **options})

    def get(self, path="/", query="", method="GET", **headers):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        seen = {}
        body = self.cache(environ, lambda status, pairs, *_: seen.update(status=status, headers=dict(pairs)))
        return seen["status"][:3], seen["headers"], b"".join(body)


def test_a_page_is_made_once_and_served_from_memory():
    inside = Inside()
    browser = Browser(inside)
    assert browser.get()[2] == browser.get()[2] == PAGE[2]
    assert inside.asked == 1


def test_a_page_is_made_anew_when_anything_changed():
    inside = Inside()
    browser = Browser(inside)
    browser.get()
    version.bump()
    browser.get()
    assert inside.asked == 2


def test_each_reader_gets_an_encoding_that_it_understands():
    browser = Browser(Inside())
    assert brotli.decompress(browser.get(accept_encoding="gzip, deflate, br")[2]) == PAGE[2]
    assert gzip.decompress(browser.get(accept_encoding="gzip")[2]) == PAGE[2]
    assert gzip.decompress(browser.get(accept_encoding="gzip, br;q=0")[2]) == PAGE[2]
    _status, headers, body = browser.get(accept_encoding="identity")
    assert body == PAGE[2]
    assert "Content-Encoding" not in headers
    assert headers["Vary"] == "Accept-Encoding"


def test_a_reader_that_has_the_page_is_told_so():
    browser = Browser(Inside())
    tag = browser.get(accept_encoding="br")[1]["ETag"]
    status, headers, body = browser.get(if_none_match=f'"other", W/{tag}')
    assert (status, body) == ("304", b"")
    assert headers["ETag"]


def test_a_reader_that_names_a_date_is_told_so_where_the_page_has_one():
    date, earlier = "Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 09:59:59 GMT"
    dated = Browser(Inside(answer=(PAGE[0], [*PAGE[1], ("Last-Modified", date)], PAGE[2])))
    dated.get()
    assert dated.get(if_modified_since=date)[0] == "304"
    assert dated.get(if_modified_since=earlier)[0] == dated.get(if_modified_since="soon")[0] == "200"
    assert dated.get(if_modified_since=date, if_none_match='"other"')[0] == "200"
    undated = Browser(Inside())
    undated.get()
    assert undated.get(if_modified_since=date)[0] == "200"


def test_head_has_the_headers_of_the_page_and_no_body():
    browser = Browser(Inside())
    browser.get()
    status, headers, body = browser.get(method="HEAD")
    assert (status, body) == ("200", b"")
    assert headers["Content-Length"] == str(len(PAGE[2]))


def test_the_request_id_of_another_reader_is_not_repeated():
    browser = Browser(Inside())
    browser.get()
    assert "X-Request-ID" not in browser.get()[1]


@pytest.mark.parametrize(
    "answer",
    [
        ("200 OK", [*PAGE[1], ("Set-Cookie", "a=b")], b"mine"),
        ("200 OK", [*PAGE[1], ("Cache-Control", "no-store")], b"mine"),
        ("200 OK", [*PAGE[1], ("Cache-Control", "private")], b"mine"),
        ("200 OK", [*PAGE[1], ("Vary", "Cookie")], b"mine"),
        ("200 OK", [*PAGE[1], ("Vary", "Accept-Language, Accept-Encoding")], b"mine"),
        ("200 OK", [("Content-Type", "application/octet-stream")], b"mine"),
        ("404 Not Found", PAGE[1], b"not here"),
        ("301 Moved Permanently", [("Location", "/")], b""),
        ("422 Unprocessable Entity", PAGE[1], b"mine"),
        ("500 Internal Server Error", PAGE[1], b"broken"),
    ],
)
def test_what_is_one_persons_or_no_page_is_not_stored(answer):
    inside = Inside(answer)
    browser = Browser(inside)
    browser.get()
    assert browser.get()[2] == answer[2]
    assert inside.asked == 2


@pytest.mark.parametrize(
    "request_of",
    [
        {"method": "POST"},
        {"cookie": "haiheng-session=1"},
        {"path": "/admin/x.css"},
        {"query": "q=bus"},
    ],
)
def test_staff_forms_searches_and_parts_pass_by(request_of, settings):
    settings.SESSION_COOKIE_NAME = "haiheng-session"
    inside = Inside()
    browser = Browser(inside)
    browser.get()
    browser.get(**request_of)
    browser.get(**request_of)
    assert inside.asked == 3


@pytest.mark.parametrize("request_of", [{"range": "bytes=0-1"}, {"authorization": "Basic eA=="}])
def test_parts_and_passwords_get_the_page_that_all_get_but_store_none(request_of):
    inside = Inside()
    browser = Browser(inside)
    browser.get(**request_of)
    page = browser.get()
    assert inside.asked == 2
    assert browser.get(**request_of) == page
    assert inside.asked == 2


def test_unknown_parameters_neither_split_nor_reach_the_site():
    inside = Inside()
    browser = Browser(inside)
    for query in ("utm_source=mail", "x=1&x=2", "fbclid=abc", ""):
        browser.get(query=query)
    assert inside.queries == [""]


def test_filters_in_another_order_are_the_same_page_and_lists_keep_theirs():
    assert (
        known_part("f.b=2&f.a=2&sort=x&f.a=1") == known_part("sort=x&f.a=1&f.a=2&f.b=2") == "f.a=1&f.a=2&f.b=2&sort=x"
    )
    assert known_part("p=b&p=a") == "p=b&p=a"


def test_pages_of_a_list_are_different_pages():
    inside = Inside()
    browser = Browser(inside)
    browser.get(query="page=2&utm_source=mail")
    browser.get(query="page=2")
    browser.get(query="page=3")
    assert inside.queries == ["page=2", "page=3"]


@pytest.mark.parametrize("query", ["%00", "page=%ff", "=&&=", "page=" + "9" * 5000, "é=1"])
def test_odd_queries_break_nothing(query):
    assert known_part(query) is None or isinstance(known_part(query), str)
    assert Browser(Inside()).get(query=query)[0] == "200"


def test_readers_are_counted_on_every_answer():
    inside = Inside(mark=("news.article:1", "en"))
    browser = Browser(inside)
    tag = browser.get()[1]["ETag"]
    browser.get()
    browser.get(if_none_match=tag)
    assert browser.recorded == ["news.article:1"] * 3
    assert inside.asked == 1


def test_an_outdated_page_is_better_than_an_error_and_says_so():
    inside = Inside()
    browser = Browser(inside)
    browser.get()
    version.bump()
    inside.answer = ("503 Service Unavailable", PAGE[1], b"no database")
    status, headers, body = browser.get()
    assert (status, body) == ("200", PAGE[2])
    assert headers["Warning"].startswith("110")


def test_many_readers_of_a_page_that_is_not_there_make_it_once():
    readers = 12
    together = threading.Barrier(readers)

    class Slow(Inside):
        def __call__(self, environ, start_response):
            arrived.wait(timeout=60)
            return super().__call__(environ, start_response)

    arrived, inside = threading.Event(), Slow()
    browser = Browser(inside)

    def read(_number):
        if together.wait(timeout=60) == 0:
            arrived.set()
        return browser.get()[2]

    with ThreadPoolExecutor(readers) as pool:
        assert set(pool.map(read, range(readers))) == {PAGE[2]}
    assert inside.asked == 1


def test_the_least_recently_used_pages_go_when_memory_is_full():
    inside = Inside(("200 OK", PAGE[1], bytes(range(256)) * 400))
    browser = Browser(inside)
    for number in range(12):
        browser.get(path=f"/{number}/")
    browser.get(path="/11/")
    assert inside.asked == 12
    browser.get(path="/0/")
    assert inside.asked == 13


def read(cache, path="/contact/"):
    """Ask the real site."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost"}
    environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO()}
    seen = {}
    body = cache(environ, lambda status, pairs, *_: seen.update(status=status[:3], headers=dict(pairs)))
    return seen["status"], seen["headers"], b"".join(body).decode()


@pytest.mark.django_db(transaction=True)
def test_a_real_page_is_served_marked_as_outdated_while_the_database_is_away(settings, monkeypatch):
    settings.DEBUG = False
    CompanyProfile.objects.create(legal_name="FIRST NAME LIMITED")
    cache = PageCache(get_wsgi_application(), record=visits.record, megabytes=1)
    assert "Warning" not in read(cache)[1]
    version.bump()

    def away(*_args):
        raise OperationalError("no connection")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        status, headers, page = read(cache)
        unseen = read(cache, "/news/")
    assert status == "200"
    assert headers["Warning"].startswith("110")
    assert "FIRST NAME LIMITED" in page
    assert (unseen[0], unseen[1]["Retry-After"]) == ("503", "30")
    assert "Warning" not in read(cache)[1]


@pytest.mark.django_db(transaction=True)
def test_a_real_page_is_fresh_after_a_save(settings):
    CompanyProfile.objects.create(legal_name="FIRST NAME LIMITED")
    cache = PageCache(get_wsgi_application(), record=visits.record, megabytes=1)

    assert "FIRST NAME LIMITED" in read(cache)[2]
    profile = CompanyProfile.objects.get()
    profile.legal_name = "SECOND NAME LIMITED"
    profile.save()
    assert "SECOND NAME LIMITED" in read(cache)[2]

"""What the doctor asks of other machines: name servers, and the site at its own address."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import dns.exception
import dns.message
import dns.resolver
import pytest

from haiheng.doctor import names, outside, sender, spf
from haiheng.doctor.findings import Level
from haiheng.images.models import Picture
from tests.support.smtp import free_port

HOME = "example.com"
GOOD = {
    HOME: ["v=spf1 include:mail.example.net -all", "other=1"],
    "mail.example.net": ["v=spf1 ip4:192.0.2.0/24 ~all"],
    f"_dmarc.{HOME}": ["v=DMARC1; p=quarantine; rua=mailto:a@example.com"],
    f"mail._domainkey.{HOME}": ["v=DKIM1; k=rsa; p=" + "A" * 392],
}


@pytest.fixture
def zone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """TXT records that the test may change; a domain with a mail server."""
    records = {name: list(texts) for name, texts in GOOD.items()}
    settings.DEFAULT_FROM_EMAIL, settings.REPLY_ADDRESS, settings.DKIM_SELECTORS = f"Us <us@{HOME}>", "", []
    settings.MAIL_TRANSPORT = "smtp"
    monkeypatch.setattr(names, "need_network", lambda domain: None)
    monkeypatch.setattr(names, "texts", lambda name: records.get(name, []))
    monkeypatch.setattr(names, "mail_servers", lambda name: records.get(f"mx:{name}", [f"mx.{name}"]))
    monkeypatch.setattr(names, "has_address", lambda name: False)
    return records


def said(findings: Any, level: Level = Level.WRONG) -> str:
    return "\n".join(f"{each.what} {each.remedy}" for each in findings if each.level is level)


def test_a_domain_that_vouches_for_its_mail_is_fine(zone: dict[str, list[str]]) -> None:
    assert {finding.level for finding in sender.sender()} == {Level.FINE}
    assert len(list(sender.sender())) == 4


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([], "does not say which servers"),
        (["v=spf1 -all", "v=spf1 ~all"], "has 2 records"),
        (["v=spf1 +all"], "whole world"),
        (["v=spf1 all"], "whole world"),
        (["v=spf1 include:gone.example.net -all"], "gone.example.net, which it names, has no record"),
        (["v=spf1 include:example.com -all"], "names itself"),
        (["v=spf1 ipv4:192.0.2.1 -all"], "“ipv4:192.0.2.1”"),
        ([f"v=spf1 {' '.join(f'a:h{n}.example.com' for n in range(11))} -all"], "takes 11 questions"),
    ],
)
def test_spf_that_does_not_count_is_named(zone: dict[str, list[str]], records: list[str], words: str) -> None:
    zone[HOME] = records
    assert words in said(spf.policy(HOME))


@pytest.mark.parametrize("record", ["v=spf1 mx", "v=spf1 mx ?all", "v=spf1 redirect=soft.example.net"])
def test_spf_that_refuses_nobody_is_a_note(zone: dict[str, list[str]], record: str) -> None:
    zone |= {HOME: [record], "soft.example.net": ["v=spf1 ?all"]}
    assert "refuses nobody" in said(spf.policy(HOME), Level.NOTE)


@pytest.mark.parametrize(
    ("records", "level", "words"),
    [
        ([], Level.WRONG, "has no policy"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], Level.WRONG, "2 records"),
        (["v=DMARC1; p=rejected"], Level.WRONG, "neither none"),
        (["v=DMARC1; p=none"], Level.NOTE, "only watches"),
        (["v=DMARC1;p=reject"], Level.FINE, "refused"),
    ],
)
def test_dmarc_is_read(zone: dict[str, list[str]], records: list[str], level: Level, words: str) -> None:
    zone[f"_dmarc.{HOME}"] = records
    assert words in said(sender.dmarc(HOME), level)


def test_dmarc_of_the_domain_above_counts_with_its_word_for_those_below(zone: dict[str, list[str]]) -> None:
    zone[f"_dmarc.{HOME}"] = ["v=DMARC1; p=reject; sp=none"]
    assert "example.com only watches" in said(sender.dmarc(f"mail.shop.{HOME}"), Level.NOTE)


@pytest.mark.parametrize(
    ("record", "level", "words"),
    [
        ("p=", Level.WRONG, "withdrawn"),
        ("v=DKIM1; p=%%%", Level.WRONG, "garbled"),
        ("p=" + "A" * 128, Level.WRONG, "too short"),
        ("p=" + "A" * 216, Level.NOTE, "less than 2048"),
        ("t=y; p=" + "A" * 392, Level.NOTE, "marked as a test"),
        ("k=ed25519; p=" + "A" * 44, Level.FINE, "is there"),
    ],
)
def test_dkim_keys_are_looked_at(zone: dict[str, list[str]], record: str, level: Level, words: str) -> None:
    zone[f"mail._domainkey.{HOME}"] = [record]
    assert words in said(sender.keys(HOME), level)


def test_a_dkim_key_that_was_named_must_be_there_and_others_may_have_any_name(
    zone: dict[str, list[str]], settings: Any
) -> None:
    del zone[f"mail._domainkey.{HOME}"]
    assert "cannot be seen from here" in said(sender.keys(HOME), Level.UNASKED)
    settings.DKIM_SELECTORS = ["2026"]
    assert f"2026._domainkey.{HOME} has no key" in said(sender.keys(HOME))


def test_a_domain_that_takes_no_mail_is_named(zone: dict[str, list[str]], settings: Any) -> None:
    settings.REPLY_ADDRESS = "answers@in.example.org"
    zone |= {f"mx:{HOME}": [""], "mx:in.example.org": []}
    words = said(sender.sender())
    assert f"{HOME} says that it takes no mail" in words
    assert "Nobody takes mail for in.example.org" in words


@pytest.mark.parametrize("error", [dns.resolver.LifetimeTimeout(timeout=5, errors=[]), dns.resolver.NXDOMAIN()])
def test_without_a_network_nothing_is_called_wrong(
    settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def silent(*_args: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", silent)
    settings.MAIL_TRANSPORT, settings.DEFAULT_FROM_EMAIL = "smtp", f"us@{HOME}"
    assert {finding.level for finding in sender.sender()} == {Level.UNASKED}


def test_a_record_in_several_pieces_is_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer as a name server writes it."""
    text = (
        f"id 1\nopcode QUERY\nrcode NOERROR\nflags QR\n;QUESTION\n{HOME}. IN TXT\n;ANSWER\n"
        f'{HOME}. 60 IN TXT "v=spf1 " "-all"\n'
    )
    message = dns.message.from_text(text)

    def resolve(_self: Any, name: str, kind: str, **_options: Any) -> Any:
        if kind != "TXT":
            raise dns.resolver.NXDOMAIN
        return dns.resolver.Answer(dns.name.from_text(name), dns.rdatatype.TXT, dns.rdataclass.IN, message)

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", resolve)
    assert names.texts(HOME) == ["v=spf1 -all"]
    assert names.mail_servers(HOME) == []


class Pretender(http.server.BaseHTTPRequestHandler):
    """A web server in front that does as the test says: path → (status, headers)."""

    answers: dict[str, tuple[int, list[tuple[str, str]]]] = {}

    def do_GET(self) -> None:
        status, headers = self.answers.get(self.path, (404, []))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


ALIVE = {"/healthz/live": (200, [("X-Request-ID", "abc")]), "/": (200, []), "/static/css/site.css": (200, [])}


@pytest.fixture
def front(settings: Any) -> Iterator[dict[str, tuple[int, list[tuple[str, str]]]]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pretender)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    settings.SITE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    Pretender.answers = dict(ALIVE)
    yield Pretender.answers
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/healthz/live", (200, []), "something else than this site"),
        ("/healthz/live", (400, []), "another host name"),
        ("/healthz/live", (502, []), "does not reach the web server"),
        ("/healthz/live", (200, [("X-Request-ID", "a"), *[("X-Frame-Options", "DENY")] * 2]), "sent twice"),
        ("/", (301, [("Location", "https://www.example.com/")]), "round in circles"),
        ("/static/css/site.css", (404, []), "style sheet"),
        ("/.env", (200, []), "Everybody can read /.env"),
    ],
)
def test_a_server_in_front_that_is_set_up_badly_is_named(
    front: Any, path: str, answer: tuple[int, list[tuple[str, str]]], words: str
) -> None:
    assert not said(outside.address())
    front[path] = answer
    assert words in said(outside.address())


def test_an_address_where_nothing_answers_is_wrong_here_and_unknown_elsewhere(settings: Any) -> None:
    settings.SITE_URL = f"http://127.0.0.1:{free_port()}"
    assert "Nothing answers" in said(outside.address())
    settings.SITE_URL = f"http://127.0.0.2:{free_port()}"
    assert "cannot be reached" in said(outside.address(), Level.UNASKED)


@pytest.mark.django_db
def test_uploads_that_the_server_in_front_may_not_read_are_named(front: Any) -> None:
    assert list(outside.upload()) == []
    picture = Picture.objects.create(name="Bus", file="pictures/none.jpg", width=400, height=300)
    assert "answers 404" in said(outside.upload())
    front[f"/media/{picture.file.name}"] = (200, [])
    assert "Pictures are served" in said(outside.upload(), Level.FINE)

import base64
import time
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from enquiries.mailin import html, reading
from enquiries.models import Doubt, Enquiry, Fate, IncomingMail, Message
from tests.support.letters import letter, raw

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def mail(head: str, body: bytes) -> bytes:
    return head.strip().replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def plain(charset: str, body: bytes) -> reading.Letter:
    return reading.read(mail(f"From: a@example.com\nContent-Type: text/plain; charset={charset}", body))


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("utf-8", "utf-8", "你好，四辆客车"),
        ("gb2312", "gb18030", "报价單㐀"),
        ("us-ascii", "utf-8", "Grüße"),
        ("utf-8", "gb18030", "您好，请报四辆客车的价格"),
        ("no-such-charset", "utf-8", "مرحبا"),
        ("hex", "utf-8", "Привет"),
        ("iso-8859-1", "cp1252", "Price – 24 €"),
        ("unicode_escape", "utf-8", "\\u0041"),
        ("windows-1256", "cp1256", "السلام عليكم"),
    ],
)
def test_letters_are_read_as_they_are_most_probably_meant(declared: str, encoding: str, text: str) -> None:
    assert plain(declared, text.encode(encoding)).text == text


def test_bytes_that_fit_no_alphabet_lose_nothing_else() -> None:
    assert "Price" in plain("utf-8", b"Price \xff\xfe\x00 100").text


def test_nul_and_signs_that_turn_text_around_are_taken_out() -> None:
    letter_ = reading.read(mail("From: \u202eevil <a@example.com>\nSubject: a\u202eb\x00c", "x\x00y\u202ez".encode()))
    assert letter_.text == "x\ufffdyz"
    assert "\u202e" not in letter_.subject + letter_.sender[0]


@pytest.mark.parametrize(
    "subject", ["=?gb2312?B?sai82w==?=", "=?utf-8?q?=E6=8A=A5=E4=BB=B7?=", "报价", "=?utf-8?b?5oql5Lu3?="]
)
def test_subjects_are_decoded_encoded_or_raw(subject: str) -> None:
    assert reading.read(mail(f"From: a@example.com\nSubject: {subject}", b"x")).subject == "报价"


@pytest.mark.parametrize("broken", ["=?utf-8?b?%%%?=", "=?x-none?b?AAAA?=", "=?utf-8?", "\t\t", "=?utf-8?q?=ZZ?="])
def test_broken_subjects_do_not_stop_a_mail(broken: str) -> None:
    assert reading.read(mail(f"From: a@example.com\nSubject: {broken}", b"words")).text == "words"


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x00\x01\x02",
        b"From: a@example.com",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nwithout an end',
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!",
        b'Content-Type: text/html; charset="\r\n\r\n<p>x',
        b"Content-Type: ;;;=\r\nContent-Disposition: attachment; filename*=x'y\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B--",
    ],
)
def test_broken_mails_are_read_as_far_as_they_go(broken: bytes) -> None:
    assert isinstance(reading.read(broken), reading.Letter)


def test_html_alone_gives_words_and_harmless_html() -> None:
    page = (
        '<html><head><style>p{background:url(//evil.example/x)}</style></head><body onload="x()">'
        "<p>Dear <b>Li</b>,</p>"
        '<img src="https://evil.example/seen.png"><script>alert(1)</script><a href="javascript:alert(1)">here</a>'
        '<a href="https://example.com/">site</a><table><tr><td style="background:url(x)">HH-6</td><td>4</td></tr>'
        "</table><blockquote>The price</blockquote></body></html>"
    )
    message = letter()
    message.set_content(page, subtype="html")
    found = reading.read(raw(message))
    assert found.text.startswith("Dear Li,")
    assert "HH-6  4" in found.text
    assert "> The price" in found.text
    for harm in ("evil", "script", "style", "onload", "<img"):
        assert harm not in found.html
    assert 'href="https://example.com/" rel="noopener noreferrer nofollow"' in found.html


def test_of_two_versions_the_plain_one_is_the_text() -> None:
    message = letter("Plain words")
    message.add_alternative("<p>Formatted words</p>", subtype="html")
    found = reading.read(raw(message))
    assert (found.text, found.html) == ("Plain words", "<p>Formatted words</p>")


def test_an_empty_plain_version_gives_way_to_the_formatted_one() -> None:
    message = letter("  ")
    message.add_alternative("<p>Formatted words</p>", subtype="html")
    assert reading.read(raw(message)).text == "Formatted words"


def test_files_keep_harmless_names() -> None:
    message = letter("See the files.")
    for name in ("../../etc/passwd", "offer\u202exslx.exe", "报价.pdf", "C:\\docs\\plan.dwg", "", "." * 300 + "a.pdf"):
        message.add_attachment(b"content", "application", "octet-stream", filename=name)
    names = [file.name for file in reading.read(raw(message)).files]
    assert names[:5] == ["etc passwd.bin", "offerxslx.exe", "报价.pdf", "C docs plan.dwg", "file-5.bin"]
    assert all(len(name) < 200 and "/" not in name for name in names)


def test_a_mail_within_a_mail_and_an_invitation_become_files() -> None:
    message = letter("See below.")
    message.add_attachment(letter("Inner words", Subject="Inner"))
    message.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar")
    found = reading.read(raw(message))
    assert found.text == "See below."
    assert [file.name for file in found.files] == ["Inner.eml", "invitation.ics"]
    assert b"Inner words" in found.files[0].content


def test_an_invitation_alone_is_a_file() -> None:
    message = EmailMessage()
    message["From"] = "a@example.com"
    message.set_content("BEGIN:VCALENDAR", subtype="calendar")
    found = reading.read(raw(message))
    assert (found.text, [file.name for file in found.files]) == ("", ["invitation.ics"])


def test_too_many_and_too_deep_parts_end_somewhere() -> None:
    parts = b"".join(b"--B\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n" for _each in range(2000))
    many = reading.read(mail('From: a@example.com\nContent-Type: multipart/mixed; boundary="B"', parts + b"--B--\r\n"))
    assert len(many.files) == reading.MOST_FILES
    assert {"parts_left_out", "files_left_out"} <= set(many.traces)
    deep = b"From: a@example.com\r\n"
    for level in range(60):
        deep += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
    assert "too_deep" in reading.read(deep + b"\r\nwords").traces


def test_long_words_are_cut_with_a_trace() -> None:
    found = plain("utf-8", b"word " * 100_000)
    assert len(found.text) == reading.MOST_TEXT
    assert found.traces == ["text_cut"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"<" * 300_000,
        b"<div>" * 100_000,
        b"<blockquote>" * 20_000 + b"x",
        b"&" * 100_000,
        b"On " * 60_000 + b"wrote:",
        b">" * 150_000,
        b"From: x\n" * 20_000,
        b"\n" * 150_000,
        b"--" * 80_000,
    ],
)
def test_hostile_texts_take_no_long_time(hostile: bytes) -> None:
    from enquiries.mailin import folding

    started = time.process_time()
    for kind in ("plain", "html"):
        found = reading.read(mail(f"From: a@example.com\nContent-Type: text/{kind}", hostile))
        folding.pieces(found.text)
    assert time.process_time() - started < 20


def test_html_is_cleaned_at_the_field_whatever_the_way_in(enquiry: Enquiry) -> None:
    message = Message.objects.create(enquiry=enquiry, kind="inbound", html="<p onclick=x>Hi<script>1</script></p>")
    message.refresh_from_db()
    assert message.html == "<p>Hi</p>"
    assert html.clean("<p> </p>") == ""


@pytest.mark.django_db
def test_a_mail_of_25_mb_is_filed_with_its_file(
    enquiry: Enquiry, take: Callable[..., IncomingMail], settings: object
) -> None:
    message = letter("The drawings.", enquiry=enquiry)
    message.add_attachment(b"%PDF-1.7" + b"x" * 18_000_000, "application", "pdf", filename="drawings.pdf")
    message.add_attachment(PNG, "application", "octet-stream", filename="bus.png")
    message.add_attachment(b"<script>alert(1)</script>", "image", "png", filename="fake.png")
    filed = take(raw(message))
    assert filed.message is not None
    files = list(filed.message.attachments.values_list("name", "content_type", "size"))
    assert files[0] == ("drawings.pdf", "application/pdf", 18_000_008)
    assert files[1][1] == "image/png"
    assert files[2][1] == "application/octet-stream"


@pytest.mark.django_db
def test_a_mail_the_parser_fails_on_waits_for_staff_with_its_original(
    take: Callable[..., IncomingMail], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(content: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(reading, "read", fail)
    kept = take(raw(letter("words")))
    assert (kept.fate, kept.doubt) == (Fate.UNMATCHED, Doubt.UNREADABLE)
    assert b"words" in kept.original()


@pytest.mark.django_db
def test_an_empty_mail_is_filed_too(enquiry: Enquiry, take: Callable[..., IncomingMail]) -> None:
    assert take(raw(letter("", enquiry=enquiry))).fate == Fate.FILED

"""The box for answers: files from disk, placeholders, preview; all of it without a script."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from enquiries import erasing, replyfiles, replying
from enquiries.models import Draft, DraftFile, Enquiry, Message, SavedReply
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail

PDF = b"%PDF-1.7\nprice list\n"


def url(enquiry: Enquiry, verb: str = "reply") -> str:
    return f"/admin/enquiries/enquiry/{enquiry.pk}/do/{verb}/"


def typed(**changes: Any) -> dict[str, Any]:
    return {"to": "amina@example.com", "subject": "The price", "body": "See the list.", "quote": "1", **changes}


def pdf(name: str = "Preisliste März.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/x-msdownload")


def sent() -> OutgoingMail:
    return OutgoingMail.objects.get(kind="enquiry_reply")


def nothing_was_sent() -> bool:
    return not OutgoingMail.objects.filter(kind="enquiry_reply").exists()


def stored(path: str) -> bool:
    return default_storage.exists(path)


# --- Files --------------------------------------------------------------------


def test_files_from_disk_go_along_and_stand_in_the_timeline(desk: Client, enquiry: Enquiry) -> None:
    picture = SimpleUploadedFile("bus.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
    desk.post(url(enquiry), typed(files=[pdf(), picture]))
    assert [file["name"] for file in sent().attachments] == ["Preisliste März.pdf", "bus.png"]
    attached = enquiry.messages.get(kind=Message.Kind.REPLY).attachments.all()
    assert [(file.name, file.content_type) for file in attached] == [
        ("Preisliste März.pdf", "application/pdf"), ("bus.png", "image/png"),
    ]  # fmt: skip
    link = reverse("admin:enquiries_enquiry_attachment", args=[enquiry.pk, attached[0].pk])
    assert link in desk.get(enquiry.get_absolute_url()).content.decode()
    opened = desk.get(link)
    assert b"".join(opened.streaming_content) == PDF  # type: ignore[attr-defined]
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert not DraftFile.objects.exists()


def test_only_staff_who_answer_open_what_was_sent(desk: Client, client: Client, enquiry: Enquiry) -> None:
    desk.post(url(enquiry), typed(files=[pdf()]))
    file = enquiry.messages.get(kind=Message.Kind.REPLY).attachments.get()
    stranger = Client()
    assert stranger.get(f"/media/{file.file}").status_code == 404
    link = reverse("admin:enquiries_enquiry_attachment", args=[enquiry.pk, file.pk])
    assert stranger.get(link).status_code == 302
    stranger.force_login(User.objects.create(username="editor", is_staff=True))
    assert stranger.get(link).status_code == 403


def _zip(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("price.exe", b"MZ\x90\x00", "Files of this kind cannot be sent"),
        ("price.pdf", b"MZ\x90\x00", "Files of this kind cannot be sent"),
        ("page.html", b"<script>", "Files of this kind cannot be sent"),
        ("list.xlsm", _zip("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "of this kind"),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heic", "HEIC"),
        ("empty.pdf", b"", "The file is empty"),
    ],
)
def test_a_file_that_may_not_be_sent_holds_the_answer_back(
    desk: Client, enquiry: Enquiry, name: str, content: bytes, words: str
) -> None:
    response = desk.post(url(enquiry), typed(files=[SimpleUploadedFile(name, content), pdf("good.pdf")]))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f"{name}: " in page
    # Everything else is kept, the good file as well: it goes along next time without being chosen again.
    for kept in ("amina@example.com", "The price", "See the list.", "good.pdf"):
        assert kept in page
    assert nothing_was_sent()
    shown = DraftFile.objects.get().pk
    desk.post(url(enquiry), typed(file_shown=[shown], file_kept=[shown]))
    assert [file["name"] for file in sent().attachments] == ["good.pdf"]


def test_all_files_together_have_one_limit(desk: Client, enquiry: Enquiry, settings: Any) -> None:
    settings.REPLY_FILES_MAX_MB = 1
    half = PDF + bytes(600_000)
    response = desk.post(url(enquiry), typed(files=[pdf("one.pdf", half), pdf("two.pdf", half)]))
    page = response.content.decode()
    assert "two.pdf: It is too large: 1 MB is the most" in page
    assert "one.pdf: " not in page
    assert "1 MB together" in page
    assert DraftFile.objects.get().name == "one.pdf"


def test_no_more_files_than_a_mail_should_hold(
    desk: Client, enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replyfiles, "MOST_FILES", 1)
    page = desk.post(url(enquiry), typed(files=[pdf("one.pdf"), pdf("two.pdf")])).content.decode()
    assert "two.pdf: 1 files at most" in page


def test_a_file_that_is_left_out_is_gone(
    desk: Client, enquiry: Enquiry, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    desk.post(url(enquiry), typed(then="edit", files=[pdf("old.pdf"), pdf("new.pdf")]))
    old, new = DraftFile.objects.all()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(url(enquiry), typed(file_shown=[old.pk, new.pk], file_kept=[new.pk]))
    assert [file["name"] for file in sent().attachments] == ["new.pdf"]
    assert (stored(old.file), stored(new.file)) == (False, True)


def test_files_wait_with_the_draft_after_a_reload(desk: Client, enquiry: Enquiry, colleague: User) -> None:
    desk.post(url(enquiry), typed(then="preview", files=[pdf("offer.pdf")]))
    assert "offer.pdf" in desk.get(enquiry.get_absolute_url()).content.decode()
    other = Client()
    other.force_login(colleague)
    assert "offer.pdf" not in other.get(enquiry.get_absolute_url()).content.decode()


def test_erasing_takes_the_files_along(
    desk: Client, enquiry: Enquiry, sales: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    desk.post(url(enquiry), typed(files=[pdf("sent.pdf")]))
    desk.post(url(enquiry), typed(then="edit", files=[pdf("waiting.pdf")]))
    paths = replyfiles.paths_of(enquiry)
    assert [stored(path) for path in paths] == [True, True]
    with django_capture_on_commit_callbacks(execute=True):
        erasing.empty(enquiry, sales)
    assert [stored(path) for path in paths] == [False, False]


def test_a_second_press_sends_nothing_twice(desk: Client, enquiry: Enquiry) -> None:
    once = desk.get(enquiry.get_absolute_url()).context["once"]
    desk.post(url(enquiry), typed(once=once))
    again = desk.post(url(enquiry), typed(once=once), follow=True)
    assert "it was not sent a second time" in again.content.decode()
    assert OutgoingMail.objects.filter(kind="enquiry_reply").count() == 1
    # The same page brought back, with other words, is another answer.
    desk.post(url(enquiry), typed(once=once, body="One more thing."))
    assert OutgoingMail.objects.filter(kind="enquiry_reply").count() == 2


# --- Placeholders -------------------------------------------------------------


@pytest.mark.parametrize("gap", ["{preis}", "{{name}}", "{ name }", "{Name}", "{姓名}", "{delivery date}"])
def test_an_answer_with_a_gap_is_not_sent(desk: Client, enquiry: Enquiry, gap: str) -> None:
    response = desk.post(url(enquiry), typed(body=f"Dear {gap}, thank you."))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="body-errors"' in page
    assert f"Nothing is filled in for {gap}." in page
    assert nothing_was_sent()
    assert Draft.objects.get().body == f"Dear {gap}, thank you."


def test_known_placeholders_are_filled_in_on_the_way(desk: Client, enquiry: Enquiry) -> None:
    desk.post(url(enquiry), typed(subject="{reference}", body="Dear {name}, a set like {1, 2} is no gap."))
    assert sent().subject == enquiry.reference
    assert sent().text.startswith("Dear Amina Otieno, a set like {1, 2} is no gap.")
    assert enquiry.messages.get(kind=Message.Kind.REPLY).body.startswith("Dear Amina Otieno")


def test_a_known_placeholder_without_a_value_is_a_gap_too(desk: Client, enquiry: Enquiry) -> None:
    page = desk.post(url(enquiry), typed(body="About {products}: thank you.")).content.decode()
    assert "Nothing is filled in for {products}." in page
    assert nothing_was_sent()


def test_any_name_stands_in_the_salutation_and_none_becomes_a_gap(
    make_enquiry: Callable[..., Enquiry], sales: User
) -> None:
    text = replying.fill_in("Dear {name},", make_enquiry(name="Buyer 9 {x}"), sales)
    assert text == "Dear Buyer 9 x,"
    replying.check_gaps(text, Enquiry.objects.get(), sales)


def test_a_saved_reply_with_a_gap_is_not_saved(desk: Client) -> None:
    values = {"name": "Price", "language": "en", "position": "0", "in_use": "on"}
    add = reverse("admin:enquiries_savedreply_add")
    refused = desk.post(add, {**values, "body": "Dear {nmae}"})
    assert "Nothing is filled in for {nmae}." in refused.content.decode()
    assert not SavedReply.objects.exists()
    desk.post(add, {**values, "body": "Dear {name}, {products} for {company}"})
    assert SavedReply.objects.count() == 1


def test_without_a_script_a_saved_reply_is_put_behind_what_was_typed(desk: Client, enquiry: Enquiry) -> None:
    saved = SavedReply.objects.create(name="Thanks", body="Thank you, {name}.")
    page = desk.post(url(enquiry), typed(body="Hello", then="insert", saved=saved.pk)).content.decode()
    assert "Hello\n\nThank you, Amina Otieno.</textarea>" in page


# --- Preview and quote --------------------------------------------------------


def test_the_preview_shows_the_mail_and_sends_nothing(desk: Client, enquiry: Enquiry) -> None:
    response = desk.post(url(enquiry), typed(body="Dear {name}, see the list.", then="preview", files=[pdf()]))
    page = response.content.decode()
    assert response.status_code == 200
    for part in ("amina@example.com", "The price", "Preisliste März.pdf", "Dear Amina Otieno, see the list."):
        assert part in page
    assert "&gt; Please quote four minibuses to Mombasa." in page
    assert nothing_was_sent()

    frame = desk.get(f"/admin/enquiries/enquiry/{enquiry.pk}/mail/?quote=1")
    assert "Dear Amina Otieno, see the list." in frame.content.decode()
    assert "Please quote four minibuses" in frame.content.decode()
    assert frame["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert frame["X-Frame-Options"] == "SAMEORIGIN"

    # Sent from the preview, it is the same mail.
    fields = {name: response.context["answer"].__dict__[name] for name in ("to", "subject")}
    kept = [file.pk for file in DraftFile.objects.all()]
    body = Draft.objects.get().body
    desk.post(url(enquiry), {**fields, "body": body, "quote": "1", "file_shown": kept, "file_kept": kept})
    assert sent().text == response.context["mail"].text
    assert sent().html == frame.content.decode()
    assert len(sent().attachments) == 1


def test_back_from_the_preview_everything_stands_in_the_form(desk: Client, enquiry: Enquiry) -> None:
    back = desk.post(url(enquiry), {"to": "other@example.com", "subject": "S", "body": "Text", "then": "edit"})
    page = back.content.decode()
    assert back.status_code == 200
    assert 'value="other@example.com"' in page
    assert "Text</textarea>" in page
    assert 'name="quote" value="1" data-quote>' in page


def test_the_quotation_is_a_choice(desk: Client, enquiry: Enquiry) -> None:
    assert "data-quote checked>" in desk.get(enquiry.get_absolute_url()).content.decode()
    desk.post(url(enquiry), {"to": "amina@example.com", "body": "Short."})
    assert sent().text == "Short.\n"


def test_who_wrote_is_said_in_the_buyers_language(make_enquiry: Callable[..., Enquiry]) -> None:
    enquiry = make_enquiry(language="zh-hans", message="请报价。", name="王伟")
    first, second = replying.quotation(enquiry).splitlines()
    assert "王伟" in first
    assert "wrote" not in first
    assert second == "> 请报价。"


# --- Who may ------------------------------------------------------------------


def test_whoever_may_only_look_has_no_box_and_no_preview(enquiry: Enquiry, client: Client) -> None:
    reader = User.objects.create(username="reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_enquiry"))
    client.force_login(reader)
    assert 'id="answer"' not in client.get(enquiry.get_absolute_url()).content.decode()
    assert client.post(url(enquiry), typed(files=[pdf()])).status_code == 403
    assert client.post(url(enquiry, "whatsapp"), {"text": "x"}).status_code == 403
    assert client.get(f"/admin/enquiries/enquiry/{enquiry.pk}/mail/").status_code == 403
    assert not DraftFile.objects.exists()


def test_a_merged_enquiry_is_not_answered(
    desk: Client, make_enquiry: Callable[..., Enquiry], enquiry: Enquiry
) -> None:
    other = make_enquiry(message="Second")
    Enquiry.objects.filter(pk=other.pk).update(merged_into=enquiry, box="merged")
    assert desk.post(url(other), typed()).status_code == 422
    assert nothing_was_sent()

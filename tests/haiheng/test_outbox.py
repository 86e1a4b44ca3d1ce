from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import transaction
from django.test import override_settings

from haiheng.mail import ladder, outbox
from haiheng.mail.models import OutgoingMail, State

TEMPLATES = {
    "mail/hello.subject.txt": "Hello {{ name }}\n",
    "mail/hello.txt": "{% load i18n %}{% trans 'Yes' %}, {{ name }}",
    "mail/hello.html": "<p>{{ name }}</p>",
    "mail/plain.subject.txt": "Plain",
    "mail/plain.txt": "{% extends 'mail/layout.txt' %}{% block content %}text{% endblock content %}",
}


@pytest.fixture(autouse=True)
def mail_templates(settings):
    loaders = [
        ("django.template.loaders.locmem.Loader", TEMPLATES),
        ("django.template.loaders.filesystem.Loader", settings.TEMPLATES[0]["DIRS"]),
    ]
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": loaders}}
    ]


def queue_hello(**changes) -> OutgoingMail:
    return outbox.queue(
        "hello", **{"to": "buyer@example.com", "context": {"name": "Lin"}, "language": "en", **changes}
    )


@pytest.mark.django_db
def test_a_queued_mail_is_rendered_in_its_language():
    mail = queue_hello(language="zh-hans", topic="enquiry:12")
    assert mail.text == "是, Lin\n"
    assert (mail.state, mail.kind, mail.topic, mail.to) == (State.QUEUED, "hello", "enquiry:12", ["buyer@example.com"])


@pytest.mark.django_db
def test_plain_text_is_not_escaped_and_html_is():
    mail = queue_hello(context={"name": "O'Brien <b>"})
    assert mail.subject == "Hello O'Brien <b>"
    assert "O'Brien <b>" in mail.text
    assert mail.html == "<p>O&#x27;Brien &lt;b&gt;</p>"


@pytest.mark.django_db
def test_a_mail_without_html_template_is_plain():
    mail = outbox.queue("plain", to="buyer@example.com", context={}, language="en")
    assert mail.html == ""
    assert mail.text.startswith("text\n")


@pytest.mark.django_db
@pytest.mark.parametrize("evil", ["a\r\nBcc: all@example.com", "a\x00b", "a\u2028b", "a\u202eb", "a\ud800b"])
def test_nothing_in_a_header_starts_a_new_line(evil):
    words = {"kind": "test", "subject": f"Hello {evil}", "text": f"Hello {evil}"}
    replies, headers = [f'"{evil}" <v@example.com>'], {"References": evil}
    mail = outbox.store(**words, to="buyer@example.com", reply_to=replies, headers=headers)
    mail.refresh_from_db()
    for value in [mail.subject, *mail.reply_to, *mail.headers.values()]:
        assert not outbox.UNPRINTABLE.search(value)
    assert "\x00" not in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["From", "bcc", "Message-ID", "X-A\r\nBcc", "X A", ""])
def test_a_header_of_our_own_cannot_be_replaced(name):
    with pytest.raises(ValueError, match="cannot be set"):
        outbox.store(kind="test", to="buyer@example.com", subject="Hello", text="Hello", headers={name: "x"})


@pytest.mark.django_db(transaction=True)
def test_a_mail_vanishes_with_the_transaction_that_wanted_it():
    with transaction.atomic():
        queue_hello()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
@override_settings(EMAIL_BACKEND="haiheng.mail.backends.OutboxBackend")
def test_what_django_sends_takes_the_outbox_too():
    send_mail("Reset", "Link", None, ["lin@example.com"], html_message="<p>Link</p>")
    mail = OutgoingMail.objects.get()
    assert (mail.subject, mail.html, mail.to) == ("Reset", "<p>Link</p>", ["lin@example.com"])


def test_the_ladder_has_at_least_18_tries_over_at_least_24_hours():
    assert len(ladder.DELAYS_IN_SECONDS) + 1 >= 18
    assert sum(ladder.DELAYS_IN_SECONDS) >= 24 * 3600
    assert ladder.DELAYS_IN_SECONDS[0] <= ladder.delay_after(1).total_seconds() <= ladder.DELAYS_IN_SECONDS[0] * 1.2


def test_a_mail_that_never_gets_through_walks_the_whole_ladder_and_no_two_alike():
    def walk() -> list[timedelta]:
        moments = [timedelta(0)]
        while not ladder.is_exhausted(len(moments), moments[-1]):
            moments.append(moments[-1] + ladder.delay_after(len(moments)))
        return moments

    first, second = walk(), walk()
    assert len(first) >= 18
    assert first[-1] >= timedelta(hours=24)
    assert all(one != other for one, other in zip(first[1:], second[1:], strict=False)), "they return all at once"


@pytest.mark.django_db
def test_send_again_starts_a_new_round_with_the_same_message_id():
    mail = queue_hello()
    OutgoingMail.objects.update(state=State.FAILED, attempts=21, next_attempt_at=None, problem="recipient")
    before = mail.message_id
    mail.refresh_from_db()
    assert mail.send_again()
    assert (mail.state, mail.attempts, mail.message_id, mail.last_error) == (State.QUEUED, 0, before, "")


@pytest.mark.django_db
def test_a_mail_in_a_workers_hands_is_not_sent_again():
    mail = queue_hello()
    OutgoingMail.objects.update(state=State.SENDING)
    assert not mail.send_again()

import csv
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from enquiries import classifier, handling, releasing, replying, spam, training
from enquiries.models import Enquiry, SpamFilter, SpamLesson, State, Verdict
from enquiries.templatetags.inbox import spam_reason
from haiheng.accounts.models import User

PLAIN = Path(__file__).with_name("plain_enquiries.tsv")
PILLS = "Win a free casino bonus now, cheap pills and prize number {n}, click here!"
BUYER = "We need {n} minibuses for our school, delivered to the port. Which price?"
GAMBLING = "线上赌场注册送彩金，第{n}期，稳赚不赔，加微信领取"
BUYING = "我们需要{n}辆小客车，请报价并说明交货期和保修"


def taught(spam_text: str = PILLS, ham_text: str = BUYER, each: int = classifier.TAUGHT_ENOUGH) -> None:
    for n in range(each):
        classifier.learn(spam_text.format(n=n), Verdict.SPAM)
        classifier.learn(ham_text.format(n=n), Verdict.HAM)
    training.train_due()


def lessons() -> list[tuple[str, bytes]]:
    return [(row.verdict, bytes(row.features)) for row in SpamLesson.objects.order_by("pk")]


def weights() -> bytes:
    training.train_due()
    return bytes(SpamFilter.objects.get().weights)


@pytest.mark.django_db
def test_an_untaught_filter_holds_nothing_back_in_any_language() -> None:
    with PLAIN.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))
    assert len({language for language, _ in rows}) == 10
    assert [text for _, text in rows if spam.judge({"message": text}).reasons] == []


@pytest.mark.django_db
def test_too_few_verdicts_are_no_opinion() -> None:
    taught(each=classifier.TAUGHT_ENOUGH - 1)
    assert not classifier.opinion(PILLS.format(n=99)).is_spam


@pytest.mark.django_db
@pytest.mark.parametrize(("bad", "good"), [(PILLS, BUYER), (GAMBLING, BUYING)])
def test_a_taught_filter_knows_spam_from_buyers(bad: str, good: str) -> None:
    taught(bad, good)
    assert classifier.opinion(bad.format(n=99)).is_spam
    assert not classifier.opinion(good.format(n=99)).is_spam


@pytest.mark.django_db
def test_a_script_never_taught_is_no_evidence() -> None:
    taught()
    assert not classifier.opinion("ต้องการรถมินิบัส 20 ที่นั่ง จำนวน 3 คัน ขอใบเสนอราคา").is_spam
    assert not classifier.opinion("نحتاج إلى ثماني حافلات مدرسية مع قطع الغيار.").is_spam


@pytest.mark.django_db
def test_which_kind_is_marked_more_often_is_no_evidence() -> None:
    for n in range(3 * classifier.TAUGHT_ENOUGH):
        classifier.learn(f"{PILLS.format(n=n)} Offer {n * 7919 % 10007:x}", Verdict.SPAM)
    taught(each=classifier.TAUGHT_ENOUGH)
    assert SpamFilter.objects.get().each == classifier.TAUGHT_ENOUGH
    assert not classifier.opinion("Hello, we would like to buy a bus for the airport.").is_spam


@pytest.mark.django_db
def test_unlearning_leaves_everything_as_it_was() -> None:
    taught(each=2)
    before, made = lessons(), weights()
    classifier.learn("Something else entirely", Verdict.SPAM)
    classifier.learn("Quite another thing", Verdict.HAM)
    assert lessons() != before
    assert weights() != made
    classifier.unlearn("Something else entirely", Verdict.SPAM)
    classifier.unlearn("Quite another thing", Verdict.HAM)
    assert lessons() == before
    assert weights() == made


@pytest.mark.django_db
def test_of_two_lessons_alike_one_is_taken_back() -> None:
    for _ in range(2):
        classifier.learn(PILLS, Verdict.SPAM)
    classifier.unlearn(PILLS, Verdict.HAM)
    classifier.unlearn(PILLS, Verdict.SPAM)
    assert len(lessons()) == 1


@pytest.mark.django_db
def test_the_worker_learns_only_what_has_changed() -> None:
    assert not training.train_due()
    classifier.learn(PILLS, Verdict.SPAM)
    assert training.train_due()
    assert not training.train_due()
    classifier.unlearn(PILLS, Verdict.SPAM)
    assert training.train_due()


@pytest.mark.django_db
def test_old_lessons_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_KEPT_OF_EACH", 2)
    for n in range(4):
        classifier.learn(f"{PILLS} {n:x}", Verdict.SPAM)
    training.train_due()
    assert len(lessons()) == 2
    assert not training.train_due()


@pytest.mark.django_db
def test_a_verdict_teaches_and_its_undo_unlearns(enquiry: Enquiry, sales: User) -> None:
    event = handling.mark_spam(enquiry, sales)
    assert event
    assert [verdict for verdict, _ in lessons()] == [Verdict.SPAM]
    assert handling.undo(event, sales)
    assert lessons() == []
    assert Enquiry.objects.get(pk=enquiry.pk).learned == ""


@pytest.mark.django_db
def test_another_verdict_replaces_the_first(enquiry: Enquiry, sales: User) -> None:
    handling.mark_spam(enquiry, sales)
    releasing.release(enquiry, sales)
    assert [verdict for verdict, _ in lessons()] == [Verdict.HAM]


@pytest.mark.django_db
def test_marking_twice_teaches_once(enquiry: Enquiry, sales: User) -> None:
    handling.mark_spam(enquiry, sales)
    handling.mark_spam(enquiry, sales)
    assert [verdict for verdict, _ in lessons()] == [Verdict.SPAM]


@pytest.mark.django_db
def test_the_machines_own_verdict_teaches_nothing(make_enquiry: Callable[..., Enquiry]) -> None:
    held = make_enquiry(website="https://pills.example")
    assert list(Enquiry.objects.quarantined()) == [held]
    assert lessons() == []


@pytest.mark.django_db
def test_an_answer_teaches_that_it_was_no_spam(enquiry: Enquiry, sales: User) -> None:
    replying.log_answer_elsewhere(enquiry, "Told them the price", "phone", sales)
    assert [verdict for verdict, _ in lessons()] == [Verdict.HAM]


@pytest.mark.django_db
def test_what_resembles_spam_is_held_back_with_the_telling_words(make_enquiry: Callable[..., Enquiry]) -> None:
    taught()
    held = make_enquiry(message=PILLS.format(n=99))
    assert held.state == State.SPAM
    assert held.spam_score is not None
    assert held.spam_score >= classifier.THRESHOLD
    (reason,) = held.spam_reasons
    assert reason.startswith("learned:")
    assert "resembles messages that were marked as spam: " in spam_reason(reason)


@pytest.mark.django_db
def test_a_copy_of_what_was_held_back_is_held_back(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    handling.mark_spam(make_enquiry(message=PILLS), sales)
    assert make_enquiry(message=PILLS, name="Another").spam_reasons == ["duplicate"]
    assert make_enquiry(message=BUYER).spam_reasons == []


@pytest.mark.django_db
def test_a_short_greeting_is_no_copy(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    handling.mark_spam(make_enquiry(message="Hello"), sales)
    assert make_enquiry(message="Hello", name="Another").spam_reasons == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", " ", "\x00\u202e\ud800", "https://example.com", "🚌" * 20_000, "é" * 20_000])
def test_odd_texts_are_judged_and_taught(text: str) -> None:
    classifier.learn(text, Verdict.SPAM)
    training.train_due()
    assert not classifier.opinion(text).is_spam
    classifier.unlearn(text, Verdict.SPAM)
    assert lessons() == []


@pytest.mark.django_db
def test_a_long_message_is_scored_quickly() -> None:
    taught(each=40)
    words = " ".join(f"word{n * 7919 % 10007:x}" for n in range(4000))[:20_000]
    times = []
    for _ in range(7):
        start = time.process_time()
        classifier.opinion(words)
        times.append(time.process_time() - start)
    # 1 ms on a quiet machine; ours may be slower.
    assert min(times) < 0.005, f"{min(times) * 1000:.1f} ms"


@pytest.mark.django_db
def test_the_learned_column_survives_a_verdict_on_an_answered_enquiry(enquiry: Enquiry, sales: User) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(first_answered_at=timezone.now())
    event = handling.mark_spam(enquiry, sales)
    assert event
    handling.undo(event, sales)
    assert Enquiry.objects.get(pk=enquiry.pk).learned == Verdict.HAM

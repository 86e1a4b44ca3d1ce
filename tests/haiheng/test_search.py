import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from haiheng.search import text, words
from haiheng.search.models import Word
from haiheng.search.results import Search
from haiheng.search.snippets import highlight, snippet
from haiheng.urls import SEARCHED
from news.models import Article, Category
from products.models import Category as ProductCategory
from products.models import Product


def found(query: str, language: str = "en") -> list[str]:
    """Titles of what has every word."""
    with override(language):
        return [re.sub("</?mark>", "", hit.title) for hit in Search(query, language, SEARCHED).hits]


@pytest.fixture
def category(db):
    return Category.objects.create(name="Guides")


def make_article(category, title, body="", language="en", **fields):
    article = Article(category=category, published_at=timezone.now() - timedelta(hours=1), **fields)
    article.set_current_language(language)
    article.title, article.body, article.ready = title, body, True
    article.save()
    return article


@pytest.fixture(autouse=True)
def commit_at_once(monkeypatch, request):
    """Run what waits for the commit at once; these tests roll back."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, *_args, **_kwargs: function())


@pytest.mark.parametrize(
    ("one", "other"),
    [("buses", "bus"), ("minibuses", "minibus"), ("axles", "axle"), ("batteries", "battery"), ("houses", "house")],
)
def test_an_english_plural_and_its_singular_are_one_word(one, other):
    assert text.singular(one) == text.singular(other)


@pytest.mark.parametrize("word", ["bus", "chassis", "glass", "gas", "客车"])
def test_words_that_only_look_like_plurals_are_left_alone(word):
    assert text.singular(word) == word


@pytest.mark.parametrize("query", ["HH-6", "hh6", "HH6", "ｈｈ－６", "hh 6"])
def test_a_model_number_is_found_with_and_without_hyphen(category, query):
    make_article(category, "The HH-6 and its door")
    assert found(query) == ["The HH-6 and its door"]


@pytest.mark.parametrize("query", ["bus", "buses", "BUS", "Büs"])
def test_number_case_and_accents_do_not_matter(category, query):
    make_article(category, "Which buses to buy")
    assert found(query) == ["Which buses to buy"]


@pytest.mark.parametrize("query", ["客车", "小型客车", "车", "型客"])
def test_chinese_words_of_any_length_are_found(category, query):
    make_article(category, "如何选购小型客车", language="zh-hans")
    assert found(query, "zh-hans") == ["如何选购小型客车"]


def test_chinese_signs_that_are_not_neighbours_are_not_found(category):
    make_article(category, "客人的车", language="zh-hans")
    assert found("客车", "zh-hans") == []


def test_a_hit_in_the_title_comes_first(category):
    make_article(category, "Spare parts", "<p>One sentence on the gearbox.</p>")
    make_article(category, "The gearbox", "<p>All of it.</p>")
    assert found("gearbox") == ["The gearbox", "Spare parts"]


def test_the_beginning_of_a_word_is_enough(category):
    make_article(category, "Transmission oil")
    assert found("transm") == ["Transmission oil"]


def test_drafts_and_other_languages_are_not_found(category):
    make_article(category, "Hidden minibus").withdraw()
    make_article(category, "Visible minibus")
    assert found("minibus") == ["Visible minibus"]
    assert found("minibus", "zh-hans") == []


def test_a_scheduled_article_is_found_from_its_minute_on(category, time_machine):
    make_article(category, "Coming minibus").publish(timezone.now() + timedelta(hours=2))
    assert found("minibus") == []
    time_machine.move_to(timezone.now() + timedelta(hours=3))
    assert found("minibus") == ["Coming minibus"]


def test_a_deleted_article_is_not_found(category):
    article = make_article(category, "Gone minibus")
    article.delete()
    assert found("minibus") == []


def test_a_product_is_found_by_its_model_number(db):
    product = Product(
        category=ProductCategory.objects.create(name="Minibuses"), code="HH-6", published_at=timezone.now()
    )
    product.title, product.ready = "Minibus", True
    product.save()
    assert found("HH6") == ["HH-6 Minibus"]


@pytest.mark.parametrize(
    "query", ['"', "*", "AND OR", "NEAR(", "a" * 10_000, "🚌", "\u202e", "' OR 1=1 --", ":*", "\\", "x:A & !y"]
)
def test_odd_queries_find_nothing_and_break_nothing(category, query):
    make_article(category, "Minibus")
    assert found(query) == []


def test_matches_are_marked_and_markup_is_escaped():
    terms = text.terms("bus")
    assert highlight("<b>Buses</b> & more", terms) == "&lt;b&gt;<mark>Buses</mark>&lt;/b&gt; &amp; more"


def test_a_snippet_begins_near_the_first_match():
    long = "word " * 100 + "a gearbox here " + "word " * 100
    result = snippet(long, text.terms("gearbox"))
    assert "<mark>gearbox</mark>" in result
    assert len(result) < 260
    assert result.startswith("… ")


@pytest.mark.parametrize("number", ["0", "-1", "2", "abc", "99999999999", "９"])
def test_a_page_of_results_that_does_not_exist_is_not_found(client, category, number):
    make_article(category, "Minibus")
    assert client.get("/search/", {"q": "minibus"}).status_code == 200
    assert client.get("/search/", {"q": "minibus", "page": number}).status_code == 404


@pytest.mark.parametrize(
    ("query", "written", "marked"),
    [
        ("6x4", "a 6×4 tipper", "6×4"),
        ("hh6", "HH-6小型客车", "HH-6"),
        ("2.5 t", "payload 2.5 t", "2.5"),
        ("5990", "5,990 mm long", "5,990"),
        ("2620", "2\u202f620 mm high – “tall”", "2\u202f620"),
        ("5 990 mm", "5990 mm long", "5990"),
        ("shipping", "shipped today", "shipped"),
        ("货车", "轻型卡车", "卡车"),
        ("seater", "15 seats", "seats"),
        ("mini bus", "our minibuses", "minibuses"),
        ("é", "e é É x", "é"),
    ],
)
def test_the_forms_of_a_word_are_marked_as_they_are_written(query, written, marked):
    assert f"<mark>{marked}</mark>" in highlight(written, text.terms(query))


def test_a_chinese_snippet_is_cut_at_phrases():
    long = "这是一句话。" * 40 + "这里有变速器的说明，" + "还有一句话。" * 60
    result = snippet(long, text.terms("变速器"))
    assert result.startswith("… 这是一句话。")
    assert result.endswith(("句话 …", "说明 …"))


def test_a_snippet_of_a_very_long_text_takes_bounded_time():
    assert "…" in snippet("word " * 500_000, text.terms("gearbox 变速器"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("choose", "choosing"), ("ship", "shipping"), ("ship", "shipped"), ("wire", "wiring"), ("seat", "seated")],
)
def test_an_english_verb_and_its_forms_share_a_stem(one, other):
    assert text.stem(one) == text.stem(other)


@pytest.mark.parametrize("word", ["speed", "string", "need", "king", "red"])
def test_words_that_only_look_like_forms_of_a_verb_are_left_alone(word):
    assert text.stem(word) == word


@pytest.mark.parametrize(
    ("written", "query"), [("195/75 R16C", "195/75R16C"), ("payload 2.0 t", "2 t"), ("6 × 4", "6x4")]
)
def test_sizes_are_found_however_they_are_written(category, written, query):
    make_article(category, written)
    assert found(query) == [written]


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("Minibus", "mini bus"), ("Minibus", "Mini-Buses"), ("A mini bus", "minibuses"), ("Gearbox", "gear boxes"),
        ("15 seats", "15-seater"), ("15-seater", "15 seats"), ("保修两年", "质保"), ("质保两年", "保修"),
    ],
)  # fmt: skip
def test_words_in_one_or_in_two_and_buyers_words_find_the_same(category, written, query):
    make_article(category, written)
    assert found(query) == [written]


def test_words_that_only_begin_like_a_word_in_two_stay_apart():
    assert [term.tokens for term in text.terms("mini business")] == [("mini",), ("business",)]


def test_a_whole_number_does_not_find_longer_ones(category):
    make_article(category, "1500 kg")
    assert found("15") == []


@pytest.mark.django_db
def test_a_beginning_is_spelled_out_where_few_known_words_begin_so(monkeypatch):
    Word.objects.bulk_create(
        Word(language=language, token=token, written=token, entries=1)
        for language, token in (("en", "trailer"), ("en", "training"), ("en", "trust"), ("fr", "travail"))
    )
    (term,) = words.spelled_out("en", text.terms("tra"))
    assert sorted(term.phrases()) == [(("tra",), False), (("trailer",), False), (("training",), False)]
    monkeypatch.setattr(words, "_MOST_BEGUN", 1)
    (term,) = words.spelled_out("en", text.terms("tra"))
    assert term.phrases() == [(("tra",), True)]

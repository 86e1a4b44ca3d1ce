"""What Django's own pages say in our staff area: empty lists, signs for yes and no, the question before a deletion."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import translation

from haiheng.staff.empty_lists import SENTENCES
from haiheng.staff.templatetags.staff import spoken_signs
from news.models import Article, Tag
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def test_an_empty_list_says_what_will_stand_there_and_leads_on(admin_client: Client) -> None:
    html = admin_client.get("/admin/news/article/").content.decode()
    assert str(SENTENCES["news.Article"]) in html
    assert re.search(r'class="button" href="/admin/news/article/add/[^"]*">Add article<', html)
    assert "0 articles" not in html


def test_a_search_without_result_leads_back_to_all(admin_client: Client) -> None:
    make_article(title="Tyres")
    html = admin_client.get("/admin/news/article/?q=zzzz").content.decode()
    assert "Nothing fits this search or filter." in html
    assert "Add article<" not in html[html.index("list-empty") :]
    assert "list-empty" not in admin_client.get("/admin/news/article/").content.decode()


def test_sentences_belong_to_lists_that_exist() -> None:
    assert set(SENTENCES) <= {model._meta.label for model in admin.site._registry}


def test_signs_speak_the_language_of_the_reader() -> None:
    sign = '<img src="/static/admin/img/icon-no.0123456789ab.svg" alt="False">'
    with translation.override("zh-hans"):
        assert spoken_signs(sign) == sign.replace("False", "否")
    assert spoken_signs(sign) == sign.replace("False", "No")
    assert spoken_signs("<p>alt=True</p>") == "<p>alt=True</p>"


def test_the_question_before_a_deletion_names_no_link_tables(admin_client: Client) -> None:
    tag = Tag.objects.create(name="BUS", slug="bus")
    article = make_article(title="Tyres")
    article.tags.add(tag)
    article.trash()
    for address in (f"/admin/news/tag/{tag.pk}/delete/", f"/admin/news/article/{article.pk}/delete/"):
        html = admin_client.get(address).content.decode()
        content = html[html.index('id="content"') :]
        assert not re.search("relationship|tagged article|translation", content, re.IGNORECASE), address
    assert "Articles: 1" in content
    admin_client.post(f"/admin/news/article/{article.pk}/delete/", {"post": "yes"})
    assert not Article.objects.filter(pk=article.pk).exists()


def test_a_category_in_use_names_the_article_that_holds_it(admin_client: Client) -> None:
    category = make_category()
    article = make_article(title="Tyres", category=category)
    html = admin_client.get(f"/admin/news/category/{category.pk}/delete/").content.decode()
    assert f'Article: <a href="/admin/news/article/{article.pk}/change/">Tyres</a>' in html

import xml.etree.ElementTree as ET
from datetime import timedelta

from django.utils import timezone

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response):
    return ET.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314


def test_a_feed_holds_absolute_addresses_and_stable_ids(client, make_article, settings):
    article = make_article("Here", summary="In short.")
    response = client.get("/news/feed/", headers={"host": "localhost"})
    assert response["Content-Type"].startswith("application/atom+xml")
    (entry,) = entries(response)
    assert entry.find(f"{ATOM}link").get("href") == f"{settings.SITE_URL}/news/guides/here/"
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    assert entry.find(f"{ATOM}id").text == f"tag:{host},2026:article-{article.pk}-en"
    assert "localhost" not in response.content.decode().replace(settings.SITE_URL, "")


def test_a_feed_that_did_not_change_answers_304(client, make_article):
    make_article("Here")
    tag = client.get("/news/feed/")["ETag"]
    assert client.get("/news/feed/", headers={"if-none-match": tag}).status_code == 304
    make_article("There")
    assert client.get("/news/feed/", headers={"if-none-match": tag}).status_code == 200


def test_a_reader_that_sends_a_date_alone_gets_304_until_something_came_or_went(client, make_article, time_machine):
    article = make_article("Here")
    make_article("There", published_at=timezone.now() - timedelta(days=2))
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    date = client.get("/news/feed/")["Last-Modified"]
    assert client.get("/news/feed/", headers={"if-modified-since": date}).status_code == 304
    assert client.get("/news/feed/", headers={"if-modified-since": "nonsense"}).status_code == 200
    article.trash()
    assert client.get("/news/feed/", headers={"if-modified-since": date}).status_code == 200


def test_feeds_of_a_category_a_tag_and_a_language(client, make_article):
    make_article("Here", zh="这里", tags=("BUS",))
    for address in ("/news/guides/feed/", "/news/tags/bus/feed/"):
        assert [entry.find(f"{ATOM}title").text for entry in entries(client.get(address))] == ["Here"]
    chinese = client.get("/zh-hans/news/feed/")
    assert [entry.find(f"{ATOM}title").text for entry in entries(chinese)] == ["这里"]
    assert b'xml:lang="zh-hans"' in chinese.content


def test_the_sitemap_names_each_language_and_its_alternates(client, make_article, settings):
    make_article("Here", zh="这里")
    page = client.get("/sitemap.xml", headers={"host": "localhost"}).content.decode()
    assert f"<loc>{settings.SITE_URL}/news/guides/here/</loc>" in page
    # The article, its category and the list of all news, each in two languages.
    chinese = f"{settings.SITE_URL}/zh-hans/news/%E6%8C%87%E5%8D%97/%E8%BF%99%E9%87%8C/"
    assert f'hreflang="zh-hans" href="{chinese}"' in page
    assert 'hreflang="x-default"' in page

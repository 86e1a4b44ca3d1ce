"""What readers get of an old site: whole pages, held to strict HTML."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image

from haiheng.pages.models import Page
from news.models import Article
from tests.haiheng.valid_html import assert_page_valid
from tests.haiheng.wordpress.make_export import ITEMS, export

pytestmark = pytest.mark.django_db
MARKUP = ("<table>", "<ul><li>", "<ol>", "<blockquote>", "<figcaption>", "<sub>", "<sup>")


def test_every_page_that_came_from_wordpress_is_valid_html(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_text(export(*ITEMS))
    pictures = tmp_path / "uploads" / "2019" / "05"
    pictures.mkdir(parents=True)
    Image.new("RGB", (64, 40), "#345").save(pictures / "front.jpg")
    Image.new("RGB", (50, 40), "#543").save(pictures / "side.png")
    call_command(
        "import_wordpress",
        str(file),
        "--pictures",
        str(tmp_path / "uploads"),
        "--run",
        stdout=(tmp_path / "said").open("w"),
    )
    items = [*Article.objects.published("en"), *Page.objects.published("en")]
    assert len(items) == 15
    pages = {item.get_absolute_url(): client.get(item.get_absolute_url()).content.decode() for item in items}
    for address, page in pages.items():
        try:
            assert_page_valid(page)
        except AssertionError as fault:
            pytest.fail(f"{address}: {fault}")
    assert [markup for markup in MARKUP if markup not in "".join(pages.values())] == []

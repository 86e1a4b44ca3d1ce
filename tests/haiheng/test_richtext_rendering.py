import pytest

from haiheng.images import intake
from haiheng.richtext.outline import outline
from haiheng.richtext.rendering import render
from haiheng.richtext.sanitizer import clean

from . import picture_files as files


def test_headings_get_the_ids_of_the_outline():
    html = clean("<h2>Sea freight</h2><h2>Sea <em>freight</em></h2><h3>x</h3><h2>海运</h2><h2>?</h2>")
    entries = outline(html)
    assert [words for _, words in entries] == ["Sea freight", "Sea freight", "海运", "?"]
    assert len({name for name, _ in entries}) == 4
    rendered = render(html)
    assert all(f'<h2 id="{name}">' in rendered for name, _ in entries)


def test_tables_scroll_in_a_region_with_a_name():
    html = render(clean("<table><caption>Sizes &amp; mass</caption><tr><th>A<th>B<tr><th>1<td>2</table>"))
    assert html.startswith('<div class="prose-table" role="region" tabindex="0" aria-label="Sizes &amp; mass"><table>')
    assert '<th scope="col">A</th><th scope="col">B</th>' in html
    assert '<th scope="row">1</th>' in html


@pytest.mark.django_db
def test_pictures_of_the_library_come_in_every_size_with_one_query(media, django_assert_num_queries):
    first = intake.add_picture(files.photo(1000, 700), name="a.jpg", alt={"en": "From the library"})
    second = intake.add_picture(files.photo(1000, 700), name="b.jpg")
    html = clean(
        f'<figure><img src="/media/x.jpg" data-file="{first.pk}"><figcaption>Cap</figcaption></figure>'
        f'<img src="/media/x.jpg" data-file="{second.pk}" alt="In the text">'
    )
    with django_assert_num_queries(1):
        rendered = render(html)
    assert rendered.count("<picture>") == 2
    assert 'alt="From the library"' in rendered
    assert 'alt="In the text"' in rendered
    assert "<figcaption>Cap</figcaption>" in rendered
    assert "data-file" not in rendered
    assert "/media/x.jpg" not in rendered


@pytest.mark.django_db
def test_a_deleted_picture_does_not_break_the_page():
    rendered = render(
        clean('<figure><img src="/media/x.jpg" alt="x" data-file="99"><figcaption>Cap</figcaption></figure>')
    )
    assert rendered == (
        '<figure><img src="/media/x.jpg" alt="x" loading="lazy" decoding="async"><figcaption>Cap</figcaption></figure>'
    )


def test_a_text_without_pictures_asks_the_database_nothing():
    assert render("<p>x</p>") == "<p>x</p>"
    assert render("") == ""

# ruff: noqa: E501 - pasted HTML stands as it was pasted
import re

import pytest

from haiheng.richtext import pictures, plain
from haiheng.richtext.sanitizer import clean
from haiheng.richtext.tree import parse

from .valid_html import assert_valid


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("", ""),
        (" \n ", ""),
        ("<p></p>", ""),
        ("<p>&nbsp;</p>", ""),
        ("plain words", "<p>plain words</p>"),
        ("<p>a<div>b</div>c</p>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
        ("<b>x</b><i>y</i>", "<p><strong>x</strong><em>y</em></p>"),
        ("<em><strong>x</strong></em>", "<p><strong><em>x</em></strong></p>"),
        ("<strong><p>x</p></strong>", "<p><strong>x</strong></p>"),
        ("a<br><br>b<br>", "<p>a</p>\n<p>b</p>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        ("<h1>T</h1><h4>U</h4>", "<h2>T</h2>\n<h3>U</h3>"),
        ("<h3>A</h3><h3>B</h3><h5>C</h5>", "<h2>A</h2>\n<h2>B</h2>\n<h3>C</h3>"),
        ("<h2><p>A</p><p>B</p></h2>", "<h2>A B</h2>"),
        ("<ul>x<li>a<ul><li>b</li></ul></li></ul>", "<ul><li>x</li><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ('<ol start="4"><li><p>a</p></li></ol>', '<ol start="4"><li>a</li></ol>'),
        ("<li>lonely</li>", "<p>lonely</p>"),
        ("<pre>a\n  b</pre>", "<p>a<br>b</p>"),
        ("<blockquote>q<h2>t</h2></blockquote>", "<blockquote><p>q</p><p><strong>t</strong></p></blockquote>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p>\n<p>b</p>"),
        ("x<hr>y", "<p>x</p>\n<hr>\n<p>y</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("<table><tr><td>layout</td></tr></table>", "<p>layout</p>"),
    ],
)
def test_structure_is_tidied(pasted, stored):
    assert clean(pasted) == stored


def test_tables_keep_caption_head_and_spans_and_add_up():
    stored = clean(
        "<table><caption>Sizes</caption><tr><th>A<th>B</tr><tr><td rowspan=9>1<td>2</td></tr>"
        "<tr><td colspan=4>x</table>"
    )
    assert stored == (
        "<table><caption>Sizes</caption><thead><tr><th>A</th><th>B</th></tr></thead>"
        '<tbody><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>x</td></tr></tbody></table>'
    )


def test_a_short_row_is_filled_up():
    assert clean("<table><tr><td>1<td>2<tr><td>3</table>").endswith("<tr><td>3</td><td></td></tr></tbody></table>")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><p>x</p></svg>",
        "<math><mtext></p><style><img src onerror=alert(1)></style></mtext></math>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java&#10;script:alert(1)">x</a>',
        '<a href="&#1;javascript:alert(1)">x</a>',
        '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href="vbscript:x">x</a>',
        '<a href="java script:alert(1)">x</a>',
        '<a href="javascript&#x3A;alert(1)">x</a>',
        '<p style="background:url(javascript:alert(1))" onclick="alert(1)">x</p>',
        "<iframe src=javascript:alert(1)></iframe>",
        "<object data=x><embed src=x></object>",
        "<form action=//evil.example><input name=q><button formaction=javascript:alert(1)>x</button></form>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
        "<template><script>alert(1)</script></template>",
        "<base href=//evil.example><meta http-equiv=refresh content=0>",
        '<img src="javascript:alert(1)">',
        '<img src="/media/../admin/logout/" alt="x">',
        "<textarea><script>alert(1)</script></textarea>",
        "<x-y onfocus=alert(1) autofocus tabindex=0>x</x-y>",
    ],
)
def test_no_script_survives(hostile):
    stored = clean(hostile)
    for bad in (
        "<script",
        "onerror",
        "onload",
        "onclick",
        "onfocus",
        "javascript:",
        "vbscript:",
        "data:",
        "<svg",
        "style=",
    ):
        assert bad not in re.sub(r"&lt;.*", "", stored).lower(), stored
    assert_valid(parse(stored))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("https://example.com/a?b=1&amp;c=2#d", "https://example.com/a?b=1&amp;c=2#d"),
        ("/products/hh-6/", "/products/hh-6/"),
        ("#sizes", "#sizes"),
        ("page", "page"),
        ("mailto:chhgc@chhgc.com", "mailto:chhgc@chhgc.com"),
        ("tel:+8613663804870", "tel:+8613663804870"),
        ("//example.com/x", "https://example.com/x"),
        (" https://example.com/a b ", "https://example.com/a%20b"),
        ("https://例え.jp/客车", "https://例え.jp/客车"),
        ("https://user:pass@example.com/", None),
        ("https://", None),
        ("https://exa mple.com", None),
        ("https://[::1", None),
        ("https://example.com:99999999/", None),
        ("ftp://example.com/", None),
        ("file:///C:/Users/x.doc", None),
        ("javascript:alert(1)", None),
        ("x-y:z", None),
        ("mailto:", None),
        ("", None),
    ],
)
def test_only_known_kinds_of_addresses_are_linked(written, stored):
    expected = "<p>words</p>" if stored is None else f'<p><a href="{stored}">words</a></p>'
    assert clean(f'<a href="{written}" target="_blank" onclick="x()">words</a>') == expected


def test_pictures_of_the_library_stay_and_foreign_ones_leave_a_note():
    stored = clean(
        '<figure class="figure"><img src="/media/pictures/01/a.jpg" alt="A bus" data-file="7" onload="x">'
        '<figcaption class="figure-caption">HH-6 <b>in red</b></figcaption></figure>'
        '<p>before <img src="https://cdn.example/x.png" alt="Engine"> after</p><img src="data:image/png;base64,AA">'
    )
    assert stored.split("\n") == [
        '<figure><img src="/media/pictures/01/a.jpg" alt="A bus" data-file="7"><figcaption>HH-6 <strong>in red</strong></figcaption></figure>',
        "<p>before</p>",
        "<p>⟦Picture 1 was not copied: upload it: Engine⟧</p>",
        "<p>after</p>",
        "<p>⟦Picture 2 was not copied: upload it⟧</p>",
    ]
    assert pictures.missing(stored) == 2
    assert clean(stored) == stored
    again = clean(stored + '<img src="https://cdn.example/y.png">')
    assert "⟦Picture 3" in again


def test_an_emoji_drawn_as_a_picture_becomes_a_sign():
    assert clean('Good <img class="emoji" src="https://s.w.org/x.svg" alt="👍"> day') == "<p>Good 👍 day</p>"


def test_very_deep_nesting_is_no_trouble():
    stored = clean("<div>" * 5000 + "deep" + "<ul><li>" * 3000 + "deeper")
    assert "deep" in stored
    assert "deeper" in stored


def test_lone_surrogates_and_control_signs_are_no_trouble():
    assert clean("a\ud800b\x00c\x07d") == "<p>a\ufffdb\ufffdcd</p>"


def test_plain_text_has_a_line_for_each_block():
    assert plain.text(clean("<h2>A</h2><p>b <strong>c</strong></p><ul><li>d<li>e</ul>")) == "A\nb c\nd\ne"

# ruff: noqa: E501 - pasted HTML stands as it was pasted
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haiheng.richtext import pictures, plain
from haiheng.richtext.sanitizer import STORED, clean
from haiheng.richtext.tree import Node, parse

PHRASING = {"a", "strong", "em", "sub", "sup", "br"}
FLOW = {"p", "ul", "ol", "blockquote", "table", "figure", "hr", "h2", "h3", "h4"}
CHILDREN = {
    "": FLOW,
    "p": PHRASING,
    **dict.fromkeys(("h2", "h3", "h4", "figcaption", "caption", "a", "strong", "em", "sub", "sup"), PHRASING),
    "ul": {"li"},
    "ol": {"li"},
    "li": FLOW | PHRASING,
    "blockquote": FLOW,
    "figure": {"img", "figcaption"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
    "td": FLOW | PHRASING,
    "th": FLOW | PHRASING,
}


def assert_valid(node: Node) -> None:
    """Nested as HTML wants it: no block in a paragraph, nothing empty, no attribute without a value."""
    for child in node.children:
        if isinstance(child, str):
            assert (
                node.tag not in {"ul", "ol", "table", "thead", "tbody", "tr", "figure", "blockquote"}
                or not child.strip()
            )
            continue
        assert child.tag in CHILDREN.get(node.tag, set()), f"<{child.tag}> in <{node.tag}>"
        assert child.tag in {"br", "hr", "img", "td", "th"} or child.children, f"empty <{child.tag}>"
        assert all(value for name, value in child.attributes.items() if name not in {"alt", "src"})
        assert not (node.tag == "a" and child.count("a"))
        assert_valid(child)


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


WORD = """
<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->
<h1 style='mso-outline-level:1'><span lang=EN-US>Shipping terms<o:p></o:p></span></h1>
<p class=MsoNormal style='margin:0'><b><span style='font-size:12pt'>FOB</span></b><span> means free on board.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'>·<span style='font:7pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Ro-ro<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span>o<span>&nbsp;&nbsp; </span></span>open deck</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span>1.<span>&nbsp; </span></span>Book</p>
<table class=MsoTableGrid border=1 style='border:none'><tr><td width=100 style='border:solid'><p class=MsoNormal>Length<o:p></o:p></p></td>
<td><p class=MsoNormal>5990&nbsp;mm</p></td></tr></table><p class=MsoNormal>&nbsp;</p>
"""


def test_a_paste_from_word_becomes_plain_structure():
    assert clean(WORD).split("\n") == [
        "<h2>Shipping terms</h2>",
        "<p><strong>FOB</strong> means free on board.</p>",
        "<ul><li>Ro-ro<ul><li>open deck</li></ul></li></ul>",
        "<ol><li>Book</li></ol>",
        "<table><tbody><tr><td>Length</td><td>5990&nbsp;mm</td></tr></tbody></table>",
    ]


WECHAT = """
<section style="margin:0" data-role="outer"><section><section style="display:inline-block"><p style="text-align:center">
<span style="font-size:16px;color:#f00"><strong>海恒客车出口</strong></span></p></section></section>
<p><img class="rich_pages" data-src="https://mmbiz.qpic.cn/x" src="data:image/gif;base64,AA"></p>
<section><p><span>第一段文字。</span><br></p><p><br></p><p><span>第二段文字。</span></p></section></section>
"""

WORDPRESS = """
<!-- wp:heading --><h2 class="wp-block-heading">Buses</h2><!-- /wp:heading -->
<p class="has-text-align-center" style="">Text with <a href="https://example.com/x" rel="noopener" target="_blank">a link</a></p>
<figure class="wp-block-table"><table><thead><tr><th>Model</th><th>Seats</th></tr></thead><tbody><tr><td>HH-6</td><td>15</td></tr>
</tbody></table><figcaption class="wp-element-caption">Range</figcaption></figure>
<div class="wp-block-columns"><div class="wp-block-column"><p>Left<div>inside</div></p></div></div>
<blockquote class="wp-block-quote"><p>Said</p><cite>Someone</cite></blockquote>
<div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link" href="/contact/">Ask</a></div></div>
"""


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("pasted", [WECHAT, WORDPRESS])
def test_pastes_keep_their_words_and_become_valid(pasted):
    stored = clean(pasted)
    assert_valid(parse(stored))
    before = words(re.sub(r"<!--.*?-->|<[^>]*>", " ", pasted, flags=re.S))
    kept = words(plain.text(stored))
    assert sum(word in kept for word in before) >= 0.97 * len(before)
    assert clean(stored) == stored


def test_the_caption_of_a_wordpress_table_is_kept():
    assert "Range" in plain.text(clean(WORDPRESS))


def test_very_deep_nesting_is_no_trouble():
    stored = clean("<div>" * 5000 + "deep" + "<ul><li>" * 3000 + "deeper")
    assert "deep" in stored
    assert "deeper" in stored


def test_lone_surrogates_and_control_signs_are_no_trouble():
    assert clean("a\ud800b\x00c\x07d") == "<p>a\ufffdb\ufffdcd</p>"


def test_plain_text_has_a_line_for_each_block():
    assert plain.text(clean("<h2>A</h2><p>b <strong>c</strong></p><ul><li>d<li>e</ul>")) == "A\nb c\nd\ne"


TAGS = [
    *(
        "p",
        "div",
        "b",
        "i",
        "em",
        "strong",
        "a",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "caption",
    ),
    *("h1", "h2", "h3", "h4", "h6", "blockquote", "figure", "figcaption", "img", "br", "hr", "span", "section", "pre"),
    *(
        "sub",
        "sup",
        "svg",
        "script",
        "style",
        "form",
        "select",
        "option",
        "button",
        "template",
        "textarea",
        "title",
        "o:p",
    ),
]
ATTRIBUTES = [
    "", ' href="https://e.example/"', ' href="javascript:x"', ' href="a b"', " colspan=3", " rowspan=2", " rowspan=0",
    ' class="MsoListParagraph"', ' src="/media/pictures/a.jpg"', ' src="//x/y"', " data-file=3", " start=5", ' title=""',
    ' alt="x"',
]  # fmt: skip
pieces = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(["word", " ", "\n", "&nbsp;", "&lt;", "·  ", "客车", "<!--", "-->", "⟦", "⟧", "\u2028"]),
    st.text(max_size=6),
)
anything = st.lists(pieces, max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(anything)
def test_whatever_comes_in_valid_and_stable_goes_out(html):
    stored = clean(html)
    assert_valid(parse(stored))
    assert clean(stored) == stored
    assert set(re.findall(r"<(\w+)", stored)) <= STORED["tags"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["word", "p", "div", "b", "ul", "li", "h2", "section", "em", "blockquote"]), max_size=30)
)
def test_words_in_known_tags_are_never_lost(parts):
    html = "".join(f"{part} " if part == "word" else f"<{part}>" for part in parts)
    assert plain.text(clean(html)).split().count("word") == parts.count("word")

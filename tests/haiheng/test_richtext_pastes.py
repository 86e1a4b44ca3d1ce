# ruff: noqa: E501 - pasted HTML stands as it was pasted
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haiheng.richtext import plain
from haiheng.richtext.sanitizer import STORED, clean
from haiheng.richtext.tree import parse

from .valid_html import assert_valid

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

"""What two people made of one object, put together."""

from typing import Any

from haiheng.history.merging import merge
from haiheng.history.wording import compared


def row(pk: int, **fields: Any) -> dict[str, Any]:
    return {"pk": pk, "fields": fields, "relations": {}}


def content(rows: dict[str, Any], texts: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "fields": fields,
        "relations": {},
        "tags": {},
        "texts": texts or {},
        "parts": {"specifications": rows},
        "names": {},
    }


def test_rows_that_either_added_or_took_out_are_put_together() -> None:
    base = content({"seats": row(1, number="15"), "length": row(2, number="5990")})
    theirs = content({"seats": row(1, number="15"), "length": row(2, number="5990"), "power": row(3, number="100")})
    mine = content({"seats": row(1, number="16")})
    merged = merge(base, theirs, mine)
    assert merged.conflicts == []
    assert merged.took_theirs
    rows = merged.content["parts"]["specifications"]
    assert {key: value["fields"]["number"] for key, value in rows.items()} == {"seats": "16", "power": "100"}


def test_a_row_that_one_took_out_and_the_other_changed_is_asked() -> None:
    base = content({"seats": row(1, number="15")})
    theirs, mine = content({}), content({"seats": row(1, number="16")})
    (conflict,) = merge(base, theirs, mine).conflicts
    assert conflict.key == "parts/specifications/seats"
    assert merge(base, theirs, mine, {conflict.key: "theirs"}).content["parts"]["specifications"] == {}
    assert (
        merge(base, theirs, mine, {conflict.key: "mine"}).content["parts"]["specifications"]
        == mine["parts"]["specifications"]
    )


def test_a_language_that_only_the_other_one_added_is_kept_and_the_order_is_no_question() -> None:
    base = content({"seats": row(1, number="15", position=0)}, {"en": {"title": "A"}})
    theirs = content({"seats": row(1, number="15", position=2)}, {"en": {"title": "A"}, "zh-hans": {"title": "甲"}})
    mine = content({"seats": row(1, number="15", position=1)}, {"en": {"title": "B"}})
    merged = merge(base, theirs, mine)
    assert merged.conflicts == []
    assert merged.content["texts"] == {"en": {"title": "B"}, "zh-hans": {"title": "甲"}}


def test_without_the_version_that_the_form_showed_every_difference_is_asked() -> None:
    theirs, mine = content({}, moq=5, port="Ningbo"), content({}, moq=6, port="Ningbo")
    assert [conflict.key for conflict in merge(None, theirs, mine).conflicts] == ["fields/moq"]


def test_long_texts_are_compared_in_bounded_time_and_show_only_what_changed() -> None:
    paragraphs = [f"<p>Paragraph {number} of a long text.</p>" for number in range(3_000)]
    other = [*paragraphs[:10], "<p>Quite another one.</p>", *paragraphs[11:]]
    shown = compared("".join(paragraphs[:1_000]), "".join(other[:1_000]), is_html=True)
    assert "<del>Paragraph 10 of a long text</del><ins>Quite another one</ins>." in shown
    assert "Paragraph 500" not in shown
    assert compared("".join(paragraphs), "".join(other), is_html=True)
    one, two = "word " * 20_000 + "end", "other " * 20_000 + "end"
    assert "<del>" in compared(one, two, is_html=False)


def test_a_link_that_leads_elsewhere_and_a_changed_picture_are_seen() -> None:
    before = '<p>Read <a href="/a/">this</a></p><figure><img src="/x.jpg" alt="Front"></figure>'
    after = '<p>Read <a href="/b/">this</a></p><figure><img src="/y.jpg" alt="Side"></figure>'
    shown = compared(before, after, is_html=True)
    assert "<del>a</del><ins>b</ins>" in shown
    assert "<del>Front</del><ins>Side</ins>" in shown
    assert compared("<p>Same</p>", "<p><strong>Same</strong></p>", is_html=True) == ""

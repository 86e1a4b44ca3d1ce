import pytest

from enquiries.mailin import folding

OWN = "Thank you, we take four."


@pytest.mark.parametrize(
    "quoted",
    [
        "On Sun, 22 Nov 2026 at 10:00, Li Na <li@haiheng.example> wrote:\n> The price is 24,000.\n>\n> Li Na",
        "On Sunday, 22 November 2026 at 10:00:00 CST, Li Na\n<li@haiheng.example> wrote:\n\n> The price is 24,000.",
        "On 22 Nov 2026, Li Na wrote:\n\nThe price is 24,000.",
        "Le dim. 22 nov. 2026 à 10:00, Li Na <li@haiheng.example> a écrit :\n> 24 000",
        "El dom, 22 nov 2026 a las 10:00, Li Na (<li@haiheng.example>) escribió:\n> 24 000",
        "вс, 22 нояб. 2026 г. в 10:00, Li Na <li@haiheng.example>:\n> 24 000",
        "Li Na <li@haiheng.example> 于2026年11月22日周日 10:00写道：\n> 24,000",
        '在 2026-11-22 10:00:00，"Li Na" <li@haiheng.example> 写道：\n\n24,000',
        "في الأحد، 22 نوفمبر 2026 كتب Li Na <li@haiheng.example>:\n> 24,000",
        "-----Original Message-----\nFrom: Li Na\nThe price is 24,000.",
        '------------------ 原始邮件 ------------------\n发件人: "Li Na" <li@haiheng.example>;\n24,000',
        "____________________\nFrom: Li Na <li@haiheng.example>\nSent: 22 November 2026\nTo: Amina\n\n24,000",
        "发件人： Li Na\n发送时间： 2026年11月22日\n收件人： Amina\n主题： 报价\n\n24,000",
        "> The price is 24,000.",
    ],
)
def test_a_quote_below_is_folded(quoted: str) -> None:
    text = f"{OWN}\n\n{quoted}"
    found = folding.pieces(text)
    assert found[0].kind == folding.WORDS
    assert folding.own_words(text).strip("_ \n") == OWN
    assert "".join(text.split()) == "".join("".join(piece.text for piece in found).split())


def test_answers_between_quotes_stay_words() -> None:
    text = "On 1 Nov 2026, Li Na wrote:\n> How many?\nFour.\n> Which colour?\nWhite."
    kinds = [(piece.kind, piece.text) for piece in folding.pieces(text)]
    assert [text for kind, text in kinds if kind == folding.WORDS] == ["Four.", "White."]


@pytest.mark.parametrize("signature", ["-- \nAmina Otieno\nMombasa", "Sent from my iPhone", "发自我的 iPhone"])
def test_a_signature_is_folded(signature: str) -> None:
    assert folding.own_words(f"{OWN}\n\n{signature}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "From: the port of Mombasa we need transport to Kampala.",
        "We need prices for:\n- HH-6\n- HH-7\n\nDate: May 2027",
        "My boss wrote:\nplease ask for a discount",
        "Hello\n--\nnot always a signature? It is by custom.",
    ],
)
def test_words_that_only_resemble_a_quote_stay(text: str) -> None:
    assert folding.pieces(text)[0].kind == folding.WORDS
    assert folding.pieces(text)[0].text.split("\n")[0] == text.split("\n")[0]


def test_a_mail_that_only_passes_something_on_is_not_folded_away() -> None:
    text = "---------- Forwarded message ---------\nFrom: Juma <juma@example.com>\n\nPlease quote."
    assert folding.pieces(text) == [folding.Piece(folding.WORDS, text)]

"""What is in locale/ is whole, and fits the code. Needs no gettext program."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from scripts import public_texts

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
CHINESE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
FOLDERS = ["enquiries", "haiheng", "news", "products", "templates"]
CALL = re.compile(r"\b(_|n?p?gettext)\(\s*((?:u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?\s*)+)")
STRING = re.compile(r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]


def key(function: str, arguments: list[str]) -> Key | None:
    """Context and msgid of a call; None where it is no call with written-out texts."""
    kind = function.removesuffix("_lazy").removesuffix("_noop")
    if kind in {"_", "gettext", "ngettext"}:
        return (None, arguments[0]) if arguments else None
    if kind in {"pgettext", "npgettext"}:
        return (arguments[0], arguments[1]) if len(arguments) > 1 else None
    return None


def of_python(source: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if found := key(name, texts):
                yield found


def of_template(source: str) -> Iterator[Key]:
    for call in CALL.finditer(templatize(source)):
        if found := key(call[1], [ast.literal_eval(text) for text in STRING.findall(call[2])]):
            yield found


def of_files(files: Iterable[Path]) -> dict[Key, Path]:
    found: dict[Key, Path] = {}
    for file in files:
        if file.suffix == ".py":
            texts = of_python(file.read_text(encoding="utf-8"))
        elif file.suffix in {".html", ".txt", ".xml"} and "templates" in file.parts:
            texts = of_template(file.read_text(encoding="utf-8"))
        else:
            continue
        found |= {text: file.relative_to(ROOT) for text in texts}
    return found


def in_the_code() -> dict[Key, Path]:
    return of_files(file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*")))


def that_visitors_meet() -> set[Key]:
    more: set[Key] = {(None, text) for text in public_texts.MORE_TEXTS}
    return {text for text in of_files(public_texts.sources()) if text[1] not in public_texts.STAFF_TEXTS} | more


def name(file: Path) -> str:
    return f"{file.parent.parent.name}/{file.name}"


def entries(catalogue: polib._BaseFile) -> dict[Key, tuple[str, dict[int, str]]]:
    return {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue if entry.msgid}


def test_every_language_that_may_be_switched_on_is_there() -> None:
    others = [f"{language}/django.po" for language in public_texts.LANGUAGES]
    assert [name(file) for file in CATALOGUES] == [*others, "zh_Hans/django.po", "zh_Hans/djangojs.po"]
    with translation.override("zh-hans"):
        assert translation.gettext("Send message") == "发送留言"
    with translation.override("ar"):
        assert translation.gettext("Send message") == "أرسل الرسالة"


@pytest.mark.parametrize("language", public_texts.LANGUAGES)
def test_a_language_for_visitors_has_each_text_that_they_meet_and_none_of_staff(language: str) -> None:
    """`python -m scripts.public_texts` lists what is missing; `make messages` collects it."""
    file = public_texts.catalogue(language)
    assert set(entries(polib.pofile(str(file)))) == that_visitors_meet()
    unread = "NOT YET READ BY A NATIVE SPEAKER" in file.read_text(encoding="utf-8")
    assert unread == (language in public_texts.UNREAD)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("ar", 2, "2 يومان"),
        ("ar", 3, "3 أيام"),
        ("ar", 45, "45 يومًا"),
        ("ru", 21, "21 день"),
        ("ru", 3, "3 дня"),
        ("ru", 45, "45 дней"),
        ("fr", 0, "0 jour"),
        ("es", 0, "0 días"),
    ],
)
def test_plural_forms_are_those_of_the_language(language: str, number: int, words: str) -> None:
    with translation.override(language):
        text = translation.ngettext("%(days)s day", "%(days)s days", number) % {"days": number}
    assert text == words


@pytest.mark.parametrize("file", CATALOGUES, ids=name)
def test_every_text_is_translated_and_none_is_guessed(file: Path) -> None:
    catalogue = polib.pofile(str(file))
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("file", CATALOGUES, ids=name)
def test_the_compiled_file_says_the_same(file: Path) -> None:
    assert entries(polib.mofile(str(file.with_suffix(".mo")))) == entries(polib.pofile(str(file)))


@pytest.mark.parametrize("file", CATALOGUES, ids=name)
def test_placeholders_are_those_of_the_english_text(file: Path) -> None:
    wrong = [
        (entry.msgid, text)
        for entry in polib.pofile(str(file))
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        # One thing, and two in Arabic, can be said without the figure if English does.
        if sorted(PLACEHOLDER.findall(text))
        not in [sorted(PLACEHOLDER.findall(english)) for english in (entry.msgid, entry.msgid_plural) if english]
    ]
    assert wrong == []


def test_no_text_of_the_code_is_missing() -> None:
    """`make messages` collects new ones."""
    known = entries(polib.pofile(str(CHINESE / "django.po")))
    found = in_the_code()
    assert len(found) > 700, "the search itself is broken"
    assert {text: str(file) for text, file in found.items() if text not in known and text[1]} == {}


def test_no_text_of_a_script_is_missing() -> None:
    known = {text for _context, text in entries(polib.pofile(str(CHINESE / "djangojs.po")))}
    scripts = [*ROOT.glob("static/**/*.js"), *ROOT.glob("haiheng/**/*.js")]
    calls = re.compile(r"""\bgettext\((["'])(.+?)\1\)""")
    called = {text for file in scripts for _quote, text in calls.findall(file.read_text())}
    assert called == known

"""What is in locale/ is whole, and fits the code. Needs no gettext program."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
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


def in_the_code() -> dict[Key, Path]:
    found: dict[Key, Path] = {}
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix == ".py":
                texts = of_python(file.read_text(encoding="utf-8"))
            elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
                texts = of_template(file.read_text(encoding="utf-8"))
            else:
                continue
            found |= {text: file.relative_to(ROOT) for text in texts}
    return found


def entries(catalogue: polib._BaseFile) -> dict[Key, tuple[str, dict[int, str]]]:
    return {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue if entry.msgid}


def test_chinese_is_there() -> None:
    assert [file.relative_to(ROOT).as_posix() for file in CATALOGUES] == [
        "locale/zh_Hans/LC_MESSAGES/django.po",
        "locale/zh_Hans/LC_MESSAGES/djangojs.po",
    ]
    with translation.override("zh-hans"):
        assert translation.gettext("Send message") == "发送留言"


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.name)
def test_every_text_is_translated_and_none_is_guessed(file: Path) -> None:
    catalogue = polib.pofile(str(file))
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.name)
def test_the_compiled_file_says_the_same(file: Path) -> None:
    assert entries(polib.mofile(str(file.with_suffix(".mo")))) == entries(polib.pofile(str(file)))


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.name)
def test_placeholders_are_those_of_the_english_text(file: Path) -> None:
    wrong = [
        (entry.msgid, text)
        for entry in polib.pofile(str(file))
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert wrong == []


def test_no_text_of_the_code_is_missing() -> None:
    """`make messages` collects new ones."""
    known = entries(polib.pofile(str(CATALOGUES[0])))
    found = in_the_code()
    assert len(found) > 700, "the search itself is broken"
    assert {text: str(file) for text, file in found.items() if text not in known and text[1]} == {}


def test_no_text_of_a_script_is_missing() -> None:
    known = {text for _context, text in entries(polib.pofile(str(CATALOGUES[1])))}
    scripts = [*ROOT.glob("static/**/*.js"), *ROOT.glob("haiheng/**/*.js")]
    called = {text for file in scripts for text in re.findall(r'\bgettext\("([^"]+)"\)', file.read_text())}
    assert called == known

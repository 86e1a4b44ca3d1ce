"""What is made from the source at installation: static files and compiled translations."""

import gettext
import json
import re
from ast import literal_eval
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import Storage
from django.utils.translation import to_locale

from haiheng.doctor.findings import Finding, fine, note, some, wrong

_COLLECT = "manage.py collectstatic --noinput, then restart the site."
_PART = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$')


def statics() -> Iterator[Finding]:
    if settings.DEBUG:
        yield note("With DEBUG, static files are served from the source.")
        return
    root = Path(settings.STATIC_ROOT)
    try:
        names = json.loads((root / "staticfiles.json").read_text())["paths"]
    except (OSError, ValueError, KeyError):
        yield wrong(f"Static files were never collected in {root}: pages have no style.", _COLLECT)
        return
    known = list(_sources())
    missing = [path for path, _storage in known if path not in names or not (root / names[path]).is_file()]
    if missing:
        yield wrong(f"{len(missing)} static files are not collected: {some(missing, 3)}.", _COLLECT)
        return
    old = [path for path, storage in known if not _same(root / path, storage, path)]
    if old:
        yield wrong(f"{len(old)} collected static files are of another version: {some(old, 3)}.", _COLLECT)
    else:
        yield fine(f"All {len(known)} static files are collected, as they are now.")


def _sources() -> Iterator[tuple[str, Storage]]:
    """Of several files of one name the first counts."""
    seen: set[str] = set()
    for path, storage in chain.from_iterable(finder.list([]) for finder in get_finders()):
        prefix = getattr(storage, "prefix", None)
        if prefix or path in seen:
            continue
        seen.add(path)
        yield path, storage


def _same(collected: Path, storage: Storage, path: str) -> bool:
    try:
        with storage.open(path) as source:
            return collected.read_bytes() == bytes(source.read())
    except OSError:
        return False


def translations() -> Iterator[Finding]:
    troubles = []
    for code, _name in settings.LANGUAGES:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder, to_locale(code), "LC_MESSAGES").glob("*.po")):
                if trouble := _trouble(source):
                    troubles.append(f"{to_locale(code)}/{source.stem} ({trouble})")
    if troubles:
        yield wrong(
            f"Translations are not compiled: {some(troubles)}; their texts appear in English.",
            "Take the .mo files from the repository again, or manage.py compilemessages (gettext is needed).",
        )
    else:
        yield fine("Translations are compiled.")


def _trouble(source: Path) -> str:
    """Compared by their texts, since a checkout gives files any time."""
    try:
        with source.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
    except FileNotFoundError:
        return "missing"
    except (OSError, UnicodeDecodeError):
        return "damaged"
    current = all(
        (compiled.pgettext(context, text) if context else compiled.gettext(text)) == translation
        for context, text, translation in _entries(source.read_text(encoding="utf-8"))
    )
    return "" if current else "older than its source"


def _entries(catalogue: str) -> Iterator[tuple[str, str, str]]:
    """Context, text and translation of what is translated and has one form."""
    for block in re.split(r"\n\s*\n", catalogue):
        parts = {"msgctxt": "", "msgid": "", "msgstr": ""}
        name = ""
        for line in block.splitlines():
            if begins := _PART.match(line):
                name = begins[1]
                parts[name] = str(literal_eval(begins[2]))
            elif line.startswith('"') and name:
                parts[name] += str(literal_eval(line))
        if parts["msgid"] and parts["msgstr"] and not re.search(r"^#,.*\bfuzzy\b", block, re.M):
            yield parts["msgctxt"], parts["msgid"], parts["msgstr"]

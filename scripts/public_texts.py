"""Which texts visitors meet, and their collection into the languages that cover nothing else.

python -m scripts.public_texts            what is missing in them, per language; exit code 1 if anything
python -m scripts.public_texts --collect  write new texts into locale/ (gettext's programs are needed)
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
# The staff area falls back to English in these.
LANGUAGES = ["ar", "es", "fr", "ru"]
# Of these, what no native speaker has read: the head of each says so.
UNREAD = {"ar", "es", "fr", "ru"}
# Glob patterns of the sources of public pages, feeds, their errors, and of mails to visitors.
SOURCES = [
    "enquiries/forms.py",
    "enquiries/list_views.py",
    "enquiries/replying.py",
    "enquiries/views.py",
    "enquiries/wishlist.py",
    "haiheng/company/office.py",
    "haiheng/pages/views.py",
    "haiheng/richtext/rendering.py",
    "haiheng/search/views.py",
    "haiheng/seo/*.py",
    "haiheng/settings.py",
    "news/feeds.py",
    "news/head.py",
    "news/views.py",
    "products/cards.py",
    "products/comparison.py",
    "products/filters.py",
    "products/gallery.py",
    "products/head.py",
    "products/sorting.py",
    "products/trade.py",
    "products/values.py",
    "products/views.py",
    "templates/4*.html",
    "templates/5*.html",
    "templates/base.html",
    "templates/company/*.html",
    "templates/enquiries/*.html",
    "templates/home/*.html",
    "templates/includes/*.html",
    "templates/mail/enquiry_receipt*",
    "templates/mail/enquiry_reply*",
    "templates/mail/layout.*",
    "templates/news/*.html",
    "templates/pages/*.html",
    "templates/products/*.html",
    "templates/search/*.html",
    "templates/seo/*",
]
# Staff's pages and names of apps among them.
NOT_PUBLIC = {"haiheng/seo/apps.py", "templates/enquiries/elsewhere.html"}
# What visitors do not meet in these sources, and what they meet of others: kinds of search results.
STAFF_TEXTS = {"Write an answer."}
MORE_TEXTS = ["article", "articles", "page", "pages", "product", "products"]


def sources() -> Iterator[Path]:
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            if file.relative_to(ROOT).as_posix() not in NOT_PUBLIC:
                yield file


def catalogue(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def collected(folder: Path) -> dict[str, Path]:
    """The catalogues with new texts added and old ones dropped, made in a folder that holds nothing else."""
    for file in sources():
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    (folder / "more.py").write_text("".join(f"_({text!r})\n" for text in MORE_TEXTS), encoding="utf-8")
    made = {}
    for language in LANGUAGES:
        made[language] = folder / catalogue(language).relative_to(ROOT)
        made[language].parent.mkdir(parents=True)
        if catalogue(language).exists():
            shutil.copyfile(catalogue(language), made[language])
    options = ["--no-obsolete", "--no-location", "--no-wrap", "--verbosity=0", "--extension=html,txt,xml,py"]
    wanted = [f"--locale={language}" for language in LANGUAGES]
    # No settings: those of the site name its own locale/ folder.
    subprocess.run([sys.executable, "-m", "django", "makemessages", *options, *wanted], cwd=folder, check=True)
    return made


def _tidied(file: Path) -> polib.POFile:
    texts = polib.pofile(str(file), wrapwidth=0)
    for entry in [entry for entry in texts if entry.msgid in STAFF_TEXTS]:
        texts.remove(entry)
    texts.metadata.pop("POT-Creation-Date", None)
    return texts


def missing(texts: polib.POFile) -> list[str]:
    return [entry.msgid for entry in texts if not entry.translated() or entry.fuzzy]


def main(*, collect: bool) -> int:
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for language, file in collected(Path(folder)).items():
            texts = _tidied(file)
            if collect:
                texts.save(str(catalogue(language)))
            for text in missing(texts):
                count += 1
                print(f"{language}: {text!r}")
    return 1 if count and not collect else 0


if __name__ == "__main__":
    sys.exit(main(collect="--collect" in sys.argv[1:]))

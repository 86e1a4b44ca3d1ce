"""Measure the filter on messages it has not seen: `make bench-spam FILE=labelled.tsv`.

Each line of the file is a label (spam or ham), a tab and a text. Of each kind 100 messages are drawn and taught in an
empty database; all others are judged by their text alone. SEED, TAUGHT and DATABASE_URL choose others.
"""

import os
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench_site import ROOT, prepare

PLAIN = ROOT / "tests/enquiries/plain_enquiries.tsv"
SHOWN = 20


def read(path: Path) -> list[tuple[str, str]]:
    """(label, text) of each line; a line without a label is named and left out."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
        label, tab, text = line.rstrip("\r").partition("\t")
        if label.strip().lower() in {"spam", "ham"} and tab:
            rows.append((label.strip().lower(), text))
        elif line.strip():
            print(f"line {number} has no label: {line[:40]!r}", file=sys.stderr)
    return rows


def untaught() -> None:
    from enquiries import spam

    texts = [line.split("\t")[1] for line in PLAIN.read_text(encoding="utf-8").splitlines()]
    held = sum(bool(spam.judge({"message": text}).reasons) for text in texts)
    print(f"untaught: {held} of {len(texts)} plain enquiries in ten languages held back")


def teach(rows: list[tuple[str, str]], each: int) -> list[tuple[str, str]]:
    """Teach `each` of both kinds; the others."""
    from django.db import transaction

    from enquiries import classifier, training

    left = {"spam": each, "ham": each}
    unseen = []
    with transaction.atomic():
        for label, text in rows:
            if left[label]:
                left[label] -= 1
                classifier.learn(text, label)
            else:
                unseen.append((label, text))
    start = time.perf_counter()
    training.train_due()
    print(f"learned from {each} of each in {time.perf_counter() - start:.2f} s")
    for label, missing in left.items():
        if missing:
            print(f"only {each - missing} {label} to teach")
    return unseen


def measure(unseen: list[tuple[str, str]]) -> None:
    from enquiries import classifier

    held = {"spam": 0, "ham": 0}
    total = {"spam": 0, "ham": 0}
    wrong, times = [], []
    for label, text in unseen:
        start = time.perf_counter()
        opinion = classifier.opinion(text)
        times.append((time.perf_counter() - start) * 1000)
        total[label] += 1
        held[label] += opinion.is_spam
        if opinion.is_spam and label == "ham":
            wrong.append((opinion.score, text))
    caught = sum(held.values())
    print(f"judged {len(unseen)}: {total['spam']} spam, {total['ham']} ham; held back {caught}")
    print(f"precision {held['spam'] / max(caught, 1):.3f}, recall {held['spam'] / max(total['spam'], 1):.3f}")
    if times:
        print(f"time per message: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms")
    print(f"false positives: {len(wrong)}")
    for score, text in sorted(wrong, reverse=True)[:SHOWN]:
        print(f"  {score:5.1f}  {' '.join(text.split())[:100]}")


def main() -> None:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("Which file? make bench-spam FILE=labelled.tsv (a label, a tab and a text in each line)")
    rows = read(Path(sys.argv[1]))
    prepare("spam")
    untaught()
    random.Random(int(os.environ.get("SEED", "1"))).shuffle(rows)  # noqa: S311 - the same draw each time
    measure(teach(rows, int(os.environ.get("TAUGHT", "100"))))


if __name__ == "__main__":
    main()

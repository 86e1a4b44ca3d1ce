"""The least that a WSGI application can do: answers recorded from the site, with the same bytes and headers."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Recorded = tuple[str, list[tuple[str, str]], bytes]


def _recorded() -> dict[str, Recorded]:
    folder = Path(os.environ["BENCH_RECORDED"])
    found: dict[str, Recorded] = {}
    for entry in json.loads((folder / "answers.json").read_text()):
        headers = [(name, value) for name, value in entry["headers"]]
        found[entry["path"]] = (entry["status"], headers, (folder / entry["body"]).read_bytes())
    return found


ANSWERS = _recorded()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    status, headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response(status, headers)
    return [body]

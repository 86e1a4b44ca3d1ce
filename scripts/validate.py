"""Check the HTML of every kind of page with the W3C's validator (npm's vnu-jar, run by java).

    python scripts/validate.py                    on an instance of its own with demo content
    python scripts/validate.py http://host:port   on a running one

The addresses come from the sitemap: one of each kind and language, and every page that is not in it. The instance of
its own has also what came from an export of WordPress with every unusual markup, all its pages are looked at, and
those that are not in the sitemap in every language that can be switched on.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from os import environ
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.haiheng.wordpress.make_export import ITEMS, export  # noqa: E402 - the project must be found first

JAR = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
SAMPLES = 3
UNLISTED = [
    "/search/", "/search/?q=minibus", "/search/?q=zzzz", "/no/such/page/", "/enquiry/", "/products/compare/",
    "/products/compare/?p=hh-6&p=hh-8&p=ht-4", "/products/?f.fuel=diesel&f.seats.min=many&p=hh-6",
    "/products/?f.fuel=electric&f.seats.min=60", "/news/?page=2", "/contact/", "/?q=%FF",
]  # fmt: skip
LANGUAGES = ["en", "zh-hans"]
FURTHER = ["ar", "fr", "es", "ru"]


def fetch(address: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=60) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.read()


def kind(path: str) -> str:
    """Return what pages of one kind share: language, section and depth."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    language = parts.pop(0) if parts[0] in {*LANGUAGES, *FURTHER} else "en"
    section = (
        parts[0] if parts and parts[0] in {"news", "products", "contact"} else "page" if parts[0:1] != [""] else ""
    )
    inner = parts[1] if len(parts) > 1 and parts[1] in {"tags", "archive"} else ""
    return f"{language} {section} {inner} {len(parts)}"


def addresses(site: str, languages: Sequence[str], *, samples: int | None = SAMPLES) -> list[str]:
    listed = re.findall(r"<loc>([^<]+)</loc>", fetch(f"{site}/sitemap.xml").decode())
    nested = [url for url in listed if url.endswith(".xml")]
    for url in nested:
        listed += re.findall(r"<loc>([^<]+)</loc>", fetch(site + urlsplit(url).path).decode())
    kinds: dict[str, list[str]] = {}
    for url in listed:
        parts = urlsplit(url)
        if not parts.path.endswith(".xml"):
            kinds.setdefault(kind(parts.path), []).append(quote(unquote(parts.path)))
    if not kinds:
        sys.exit(f"{site}/sitemap.xml lists no page.")
    return [path for paths in kinds.values() for path in paths[:samples]] + [
        path if language == "en" else f"/{language}{path}" for language in languages for path in UNLISTED
    ]


def bring_old_site_in(env: dict[str, str]) -> None:
    """Import the export that the tests write, without its pictures: their captions and links must do."""
    data_dir = Path(env["DATA_DIR"])
    file = data_dir / "export.xml"
    file.write_text(export(*ITEMS))
    secret = env.get("SECRET_KEY") or (data_dir / "secret-key").read_text().strip()
    command = [sys.executable, "manage.py", "import_wordpress", str(file), "--run"]
    subprocess.run(command, cwd=ROOT, env=env | {"SECRET_KEY": secret}, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def own_site(
    *, imports: bool = False, data_dir: Path | None = None, languages: Sequence[str] = LANGUAGES
) -> Iterator[str]:
    """Start an instance with demo content, and with what an older site left, in a temporary place or in `data_dir`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with nullcontext(str(data_dir)) if data_dir else tempfile.TemporaryDirectory() as folder:
        env = dict(environ) | {"PORT": str(port), "DATA_DIR": folder, "LANGUAGES": ",".join(languages)}
        for name in ("SITE_URL", "DATABASE_URL", "CACHE_URL", "EMAIL_URL"):
            env[name] = ""
        process = subprocess.Popen([sys.executable, "scripts/run.py"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 180
            while True:
                try:
                    fetch(f"http://127.0.0.1:{port}/healthz/live")
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        sys.exit("The site did not start; `make run` says why.")
                    time.sleep(0.3)
            if imports:
                bring_old_site_in(env)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def validate(site: str, languages: Sequence[str] = LANGUAGES, *, samples: int | None = SAMPLES) -> int:
    found = addresses(site, languages, samples=samples)
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, path in enumerate(found):
            file = Path(folder) / f"{number:03}.html"
            file.write_bytes(fetch(site + path))
            names[file.name] = path
        command = ["java", "-Xmx512m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--Werror"]
        done = subprocess.run([*command, folder], capture_output=True, text=True, check=False)
    try:
        messages = json.loads(done.stderr or done.stdout)["messages"]
    except ValueError:
        sys.exit(f"The validator did not run: {done.stderr[:2000]}")
    faults = [message for message in messages if message.get("type") != "info" or message.get("subType") == "warning"]
    for fault in faults:
        page = names.get(fault.get("url", "").rsplit("/", 1)[-1], "?")
        print(f"{page}:{fault.get('lastLine', '?')}: {fault['message']}\n    {fault.get('extract', '').strip()!r}")
    print(f"{len(found)} pages of {site}, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(validate(sys.argv[1].rstrip("/")))
    with own_site(imports=True, languages=[*LANGUAGES, *FURTHER]) as address:
        code = validate(address, [*LANGUAGES, *FURTHER], samples=None)
    sys.exit(code)

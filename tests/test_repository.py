"""Things that must agree with each other."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
# One file on purpose: see decision 1.
SETTINGS = "haiheng/settings.py"


def variables_read_by_settings() -> list[str]:
    tree = ast.parse((ROOT / SETTINGS).read_text())
    calls = [
        (node.lineno, node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "environment"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    return list(dict.fromkeys(str(name) for _, name in sorted(calls)))


def test_every_setting_is_in_the_example_in_the_same_order() -> None:
    example = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert example == variables_read_by_settings()


def test_the_example_is_a_working_configuration(tmp_path: Path) -> None:
    values = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    done = check(tmp_path, **values | {"SECRET_KEY": "x" * 60, "DATA_DIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def check(data_dir: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_a_secret_key_nothing_starts(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode != 0
    assert done.stderr == "Not started: SECRET_KEY is not set. Set it, or set DEBUG=true on your own machine.\n"


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("DEBUG", "maybe"),
        ("PORT", "80a"),
        ("PORT", "70000"),
        ("SITE_URL", "www.chhgc.com"),
        ("SITE_URL", "https://www.chhgc.com/shop"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("DATABASE_URL", "nothing://else"),
        ("CACHE_URL", "nothing://else"),
        ("EMAIL_URL", "nothing://else"),
        ("ENQUIRY_RECIPIENTS", "sales"),
        ("LANGUAGES", "zh-hans,en"),
        ("LANGUAGES", "en,xx"),
        ("PROMISED_LANGUAGES", "fr"),
        ("TIME_ZONE", "Hong Kong"),
        ("RATE_LIMITS", "never"),
        ("WEB_CONCURRENCY", "0"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_nonsense_stops_the_start_with_one_line_that_names_the_setting(
    tmp_path: Path, name: str, nonsense: str
) -> None:
    done = check(tmp_path, **{"SECRET_KEY": "x" * 60, name: nonsense})
    assert done.returncode != 0
    assert done.stderr.startswith(f"Not started: {name}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wrong_address_is_refused_without_showing_its_password(tmp_path: Path) -> None:
    done = check(tmp_path, SECRET_KEY="x" * 60, DATABASE_URL="nothing://haiheng:opensesame@host/db")
    assert "opensesame" not in done.stderr


def modules() -> dict[str, str]:
    """The text of every module that somebody wrote: migrations are made."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = {name: ROOT / name for name in listed.stdout.split() if "/migrations/" not in name}
    return {name: path.read_text() for name, path in paths.items() if path.exists()}


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    assert [name for name, text in modules().items() if len(text.splitlines()) > 300 and name != SETTINGS] == []


def test_no_function_is_longer_than_forty_lines() -> None:
    functions = [
        (name, node)
        for name, text in modules().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    ]
    assert [f"{name}: {node.name}" for name, node in functions if node.end_lineno - node.lineno >= 40] == []  # type: ignore[operator]


def test_every_locked_package_has_a_digest_and_names_no_registry() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--index-url" not in text
        assert "file://" not in text
        for block in re.split(r"\n(?=\S)", text):
            if re.match(r"[A-Za-z0-9._\[\]-]+==", block):
                assert "--hash=sha256:" in block, block


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text().split("[tool.")[0].splitlines()
    for number, line in enumerate(lines):
        if re.match(r'    "[a-z]', line):
            above = lines[number - 1].strip()
            assert above.startswith(("#", '"')), line


def test_every_decision_has_a_number_of_its_own_and_stands_in_the_list() -> None:
    folder = ROOT / "docs/decisions"
    files = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    titles = {path.name: path.read_text().splitlines()[0].removeprefix("# ") for path in files}
    numbers = [int(name[:4]) for name in titles]
    assert len(numbers) == len(set(numbers))
    assert [int(title.split(".")[0]) for title in titles.values()] == numbers
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (folder / "README.md").read_text(), re.MULTILINE)
    assert listed == [(title, name) for name, title in titles.items()]


def documents() -> dict[Path, str]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {ROOT / name: (ROOT / name).read_text() for name in listed.stdout.split() if (ROOT / name).exists()}


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {link}"
        for path, text in documents().items()
        for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s#]+)", text)
        if not (path.parent / link).exists()
    ]
    assert dead == []


def test_every_command_that_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    ours = {path.stem for path in ROOT.glob("*/**/management/commands/*.py") if ".venv" not in path.parts}
    unknown = []
    for path, text in documents().items():
        named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.MULTILINE)) - targets
        named |= set(re.findall(r"manage\.py ([a-z_]+)", text)) - ours - get_commands().keys()
        unknown += [f"{path.relative_to(ROOT)}: {name}" for name in named]
    assert unknown == []

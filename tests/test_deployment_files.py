"""Files of deploy/ say a second time what the program says; these must agree."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from haiheng.malformed import BodyLimitMiddleware
from haiheng.worker.runner import DRAIN_SECONDS
from scripts import upgrade
from tests.test_repository import variables_read_by_settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx/haiheng.conf").read_text()


def directives(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^([A-Za-z]+)=(.*)$", text, re.MULTILINE)


def test_the_port_is_the_same_everywhere() -> None:
    (port,) = re.findall(r"^PORT=(.+)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert f"\nListenStream=127.0.0.1:{port}\n" in (DEPLOY / "systemd/haiheng-web.socket").read_text()
    assert f"server 127.0.0.1:{port} " in NGINX
    assert f'"127.0.0.1:{port}:{port}"' in (DEPLOY / "container/compose.yaml").read_text()


def test_the_proxy_takes_what_the_site_takes() -> None:
    public, staff = (int(size) * 1_000_000 for size in re.findall(r"client_max_body_size (\d+)m;", NGINX))
    assert BodyLimitMiddleware.PUBLIC_LIMIT < public < staff
    assert staff > BodyLimitMiddleware.STAFF_LIMIT


@pytest.mark.parametrize("snippet", re.findall(r"include snippets/(\S+);", NGINX))
def test_every_snippet_of_the_proxy_is_there(snippet: str) -> None:
    assert (DEPLOY / "nginx" / snippet).is_file()


def test_the_proxy_leaves_out_a_header_that_the_site_has_sent() -> None:
    added = re.findall(r"^add_header (\S+) \$(\w+)", (DEPLOY / "nginx/haiheng-headers.conf").read_text(), re.MULTILINE)
    assert len(added) == 6
    for name, variable in added:
        assert f"map $upstream_http_{name.lower().replace('-', '_')} ${variable} {{" in NGINX


def test_services_are_locked_in_alike_and_stop_in_good_time() -> None:
    web, worker = (directives((DEPLOY / f"systemd/haiheng-{name}.service").read_text()) for name in ("web", "worker"))
    own = {"Description", "Requires", "After", "Type", "NotifyAccess", "ExecStart", "LimitNOFILE", "Nice"}
    own |= {"TimeoutStopSec", "RestartSec"}
    assert [pair for pair in web if pair[0] not in own] == [pair for pair in worker if pair[0] not in own]
    assert ("ProtectSystem", "strict") in web
    assert int(dict(worker)["TimeoutStopSec"]) > DRAIN_SECONDS
    (graceful,) = re.findall(r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text(), re.MULTILINE)
    assert int(dict(web)["TimeoutStopSec"]) > int(graceful)


def test_an_upgrade_restarts_the_units_that_are_there() -> None:
    units = {word for command in (upgrade.START, upgrade.STOP, upgrade.RESTART) for word in command[2:]}
    assert units == {path.name for path in (DEPLOY / "systemd").iterdir()}


def test_the_image_holds_every_part_of_the_program() -> None:
    copied = set(re.findall(r"^COPY (\w+)/ ", (DEPLOY / "container/Dockerfile").read_text(), re.MULTILINE))
    packages = {app.partition(".")[0] for app in settings.INSTALLED_APPS}
    ours = {name for name in packages if (ROOT / name).is_dir()}
    assert copied == ours | {"requirements", "templates", "static", "locale"}
    ignored = (DEPLOY / "container/Dockerfile.dockerignore").read_text()
    assert all(f"\n!{name}" in ignored for name in copied)


def test_settings_in_deployment_files_exist() -> None:
    named = set(re.findall(r"^ *([A-Z_]{4,})=", (ROOT / "docs/deployment.md").read_text(), re.MULTILINE))
    named |= set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "container/site.env.example").read_text(), re.MULTILINE))
    named |= set(re.findall(r"^    ([A-Z]+_URL): ", (DEPLOY / "container/compose.yaml").read_text(), re.MULTILINE))
    assert len(named) > 8
    assert named <= set(variables_read_by_settings())

"""What a monitoring system reads."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from haiheng import environment
from haiheng.health import metrics
from haiheng.health.counters import Counters
from haiheng.mail import outbox
from haiheng.mail.models import OutgoingMail, State
from haiheng.worker.models import JobBeat

pytestmark = pytest.mark.django_db
_SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+\Z')


def figures(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def test_this_machine_reads_the_figures_and_others_do_not(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 404
    # Through a proxy on this machine, for somebody elsewhere.
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404


def test_with_a_token_only_its_holders_read_them(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token-that-nobody-guesses"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer another"}).status_code == 404
    opened = {"authorization": "Bearer a-token-that-nobody-guesses"}
    assert client.get("/metrics", headers=opened, REMOTE_ADDR="203.0.113.5").status_code == 200


@pytest.mark.parametrize("value", ["short", "two words that are long enough", "ключ" * 8])
def test_a_weak_token_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("METRICS_TOKEN", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.token("METRICS_TOKEN")
    assert value not in str(refusal.value)


def test_every_line_is_of_the_common_format(client: Client) -> None:
    JobBeat.objects.create(job="mail", seen_at=timezone.now(), succeeded_at=timezone.now())
    response = client.get("/metrics")
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert all(line.startswith(("# HELP haiheng_", "# TYPE haiheng_")) or _SAMPLE.match(line) for line in lines)
    kinds = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(kinds) == len(set(kinds))


def test_answers_are_counted_by_area_and_kind(client: Client) -> None:
    before = figures(client)
    client.get("/no/such/page/")
    client.get("/admin/")
    after = figures(client)
    grown = {name for name in after if after[name] > before.get(name, 0)}
    assert 'haiheng_responses_total{area="public",status="4xx"}' in grown
    assert 'haiheng_responses_total{area="admin",status="3xx"}' in grown
    name = 'haiheng_response_seconds_bucket{area="public",le="+Inf"}'
    assert after[name] == after['haiheng_response_seconds_count{area="public"}'] == before[name] + 1


def test_the_outbox_tells_how_long_it_has_waited(client: Client) -> None:
    outbox.store(kind="x", to="a@example.com", subject="s", text="t")
    outbox.store(kind="x", to="b@example.com", subject="s", text="t")
    OutgoingMail.objects.filter(to=["a@example.com"]).update(trying_since=timezone.now() - timedelta(hours=1))
    OutgoingMail.objects.filter(to=["b@example.com"]).update(state=State.FAILED)
    found = figures(client)
    assert found['haiheng_outbox{channel="mail"}'] == 1
    assert 3600 <= found['haiheng_outbox_oldest_seconds{channel="mail"}'] < 3700
    assert found['haiheng_outbox_failed{channel="mail"}'] == 1
    assert found['haiheng_queue{queue="enquiries"}'] == 0


def test_what_cannot_be_found_out_is_left_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise RuntimeError

    monkeypatch.setitem(metrics.SOURCES, "mails", broken)
    found = figures(client)
    assert not any(name.startswith("haiheng_outbox") for name in found)
    assert 'haiheng_queue{queue="search"}' in found


def test_processes_add_to_the_same_numbers(tmp_path: Path) -> None:
    one, other = Counters(tmp_path / "numbers", 3), Counters(tmp_path / "numbers", 3)
    one.add({0: 1, 2: 0.5})
    other.add({2: 1})
    assert one.read() == other.read() == [1, 0, 1.5]


def test_a_folder_that_cannot_be_written_stops_no_page(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "missing"
    metrics.observe("/", 200, 0.1)
    assert "haiheng_response" not in "".join(metrics._responses())

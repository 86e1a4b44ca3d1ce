import json

from scripts.bench.report import Figure, Part, keep_baseline, regressions


def measured(ratio, key="hit.home.rate", *, higher=True):
    return [Part("Part", "", [Figure(key, "text", "value", ratio=ratio, higher=higher)])]


def test_what_is_more_than_a_fifth_worse_than_the_baseline_is_named(tmp_path):
    baseline = tmp_path / "baseline.json"
    keep_baseline([*measured(1.0), *measured(10.0, "miss.home.cpu", higher=False)], baseline)
    assert regressions(measured(0.85), baseline) == []
    assert "hit.home.rate" in regressions(measured(0.8), baseline)[0]
    assert regressions(measured(11.9, "miss.home.cpu", higher=False), baseline) == []
    assert "miss.home.cpu" in regressions(measured(12.1, "miss.home.cpu", higher=False), baseline)[0]


def test_parts_that_were_not_measured_keep_their_baseline(tmp_path):
    baseline = tmp_path / "baseline.json"
    keep_baseline(measured(1.0), baseline)
    keep_baseline(measured(2.0, "miss.home.cpu"), baseline)
    assert json.loads(baseline.read_text())["ratios"] == {"hit.home.rate": 1.0, "miss.home.cpu": 2.0}

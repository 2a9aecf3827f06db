"""The rule file for Prometheus speaks of series that exist, with the thresholds that are our own defaults."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from frontdesk.observing_settings import ObservingSettings
from frontdesk.variables import Variables
from infra.metrics.instruments import Instruments

FILE = Path(__file__).parents[3] / "docs" / "deploy" / "prometheus-rules.yml"
SERIES = re.compile(r"\bfrontdesk_[a-z0-9_]+")
RECORDED = re.compile(r"\bfrontdesk:[a-z0-9_:]+")


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(FILE.read_text())["groups"] for rule in group["rules"]]


def existing_series() -> set[str]:
    """The names of all samples that a process can show."""
    found = set()
    for family in Instruments(role="test", version="1").registry.collect():
        suffixes = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}.get(family.type, ("",))
        found |= {family.name + suffix for suffix in suffixes}
    return found


def unknown_series(text: str) -> set[str]:
    return set(SERIES.findall(text)) - existing_series()


def test_every_series_exists(rules: list[dict[str, Any]]) -> None:
    used = " ".join(rule["expr"] for rule in rules)
    assert len(SERIES.findall(used)) > 8
    assert unknown_series(used) == set()
    assert set(RECORDED.findall(used)) == {rule["record"] for rule in rules if "record" in rule}
    assert unknown_series("frontdesk_outbox_parked + frontdesk_outbox_forgotten") == {"frontdesk_outbox_forgotten"}


def test_every_alert_says_what_is_wrong_and_how_bad(rules: list[dict[str, Any]]) -> None:
    alerts = [rule for rule in rules if "alert" in rule]
    assert len({alert["alert"] for alert in alerts}) == len(alerts) == 12
    assert all(alert["annotations"]["summary"] for alert in alerts)
    assert {alert["labels"]["severity"] for alert in alerts} == {"critical", "warning"}


def test_the_thresholds_are_our_defaults(rules: list[dict[str, Any]]) -> None:
    defaults = ObservingSettings.read(Variables({}))
    thresholds = {
        rule["alert"]: float(found[1])
        for rule in rules
        if "alert" in rule and (found := re.search(r">= ([0-9.]+)(?: and .*)?$", rule["expr"]))
    }
    assert defaults.outbox_age == timedelta(seconds=thresholds["FrontdeskOutboxAge"])
    assert thresholds["FrontdeskErrorRate"] == defaults.error_percent
    assert thresholds["FrontdeskSlowAnswers"] == defaults.p95_ms
    assert thresholds["FrontdeskParkedEnvelopes"] == defaults.parked
    assert thresholds["FrontdeskProviderFailures"] == defaults.provider_failures


@pytest.mark.prometheus
def test_prometheus_takes_the_file(tmp_path: Path) -> None:
    taken = subprocess.run(["promtool", "check", "rules", str(FILE)], capture_output=True, text=True, check=False)
    assert taken.returncode == 0, taken.stderr
    broken = tmp_path / "broken.yml"
    broken.write_text(FILE.read_text().replace("histogram_quantile(", "histogram_quantil("))
    refused = subprocess.run(["promtool", "check", "rules", str(broken)], capture_output=True, text=True, check=False)
    assert refused.returncode != 0

"""What is counted of requests, and what the last minutes look like."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from infra.metrics.instruments import Instruments
from infra.metrics.recent import WINDOW_SECONDS, Recent
from infra.metrics.requests import BOUNDS, RequestMeter


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def answer(meter: RequestMeter, *, status: int = 200, seconds: float = 0.01, route: str = "/customers") -> None:
    meter.began()
    meter.ended(method="GET", route=route, status=status, seconds=seconds)


def test_requests_are_counted_by_method_route_and_class_of_status() -> None:
    registry = CollectorRegistry()
    meter = RequestMeter(registry)
    for status in (200, 201, 404, 500, 503):
        answer(meter, status=status, seconds=0.03)
    name, labels = "frontdesk_http_request_duration_seconds", {"method": "GET", "route": "/customers"}
    counts = {of: registry.get_sample_value(f"{name}_count", labels | {"status": of}) for of in ("2xx", "4xx", "5xx")}
    assert counts == {"2xx": 2, "4xx": 1, "5xx": 2}
    within = {
        le: registry.get_sample_value(f"{name}_bucket", labels | {"status": "2xx", "le": le})
        for le in ("0.025", "0.05")
    }
    assert within == {"0.025": 0, "0.05": 2}


def test_requests_under_way_are_shown() -> None:
    registry = CollectorRegistry()
    meter = RequestMeter(registry)
    meter.began()
    meter.began()
    assert registry.get_sample_value("frontdesk_http_requests_in_flight") == 2
    meter.ended(method="GET", route="/a", status=200, seconds=0.1)
    assert registry.get_sample_value("frontdesk_http_requests_in_flight") == 1


def test_no_series_says_when_it_was_made() -> None:
    seen = Instruments(role="test", version="1")
    answer(seen.requests)
    assert b"_bucket" in generate_latest(seen.registry)
    assert b"_created" not in generate_latest(seen.registry)


@pytest.mark.parametrize("status", [499, 404, 200])
def test_what_the_caller_did_wrong_is_no_failure_of_ours(status: int) -> None:
    meter = RequestMeter(CollectorRegistry())
    answer(meter, status=status)
    assert meter.totals().failed == 0


def test_probes_do_not_count_as_requests() -> None:
    meter = RequestMeter(CollectorRegistry())
    for route in ("/health", "/health/ready", "/api/v1/health/live"):
        answer(meter, status=503, route=route)
    answer(meter, status=503, route="/api/v1/customers")
    assert (meter.totals().count, meter.totals().failed) == (1, 1)


def test_the_last_minutes_are_told_from_all_before() -> None:
    hands, meter = Hands(), RequestMeter(CollectorRegistry())
    recent = Recent(meter, clock=hands)
    for _ in range(100):
        answer(meter, status=500)
    recent.remember()
    assert recent.now().failed_percent == 100
    for _ in range(40):
        hands.now += WINDOW_SECONDS / 20
        answer(meter)
        recent.remember()
    assert (recent.now().count, recent.now().failed) == (20, 0)


def test_the_window_does_not_grow() -> None:
    hands = Hands()
    recent = Recent(RequestMeter(CollectorRegistry()), clock=hands)
    for _ in range(500):
        hands.now += 10
        recent.remember()
    assert len(recent._looks) <= WINDOW_SECONDS / 10 + 2


@pytest.mark.parametrize(
    ("fast", "slow", "least", "most"),
    [(100, 0, 0.005, 0.01), (90, 10, 0.5, 1.0), (97, 3, 0.005, 0.01), (0, 100, 0.5, 1.0), (0, 1, 0.5, 1.0)],
)
def test_the_95th_percentile_lies_in_the_bucket_of_the_95th(fast: int, slow: int, least: float, most: float) -> None:
    meter = RequestMeter(CollectorRegistry())
    recent = Recent(meter)
    for _ in range(fast):
        answer(meter, seconds=0.008)
    for _ in range(slow):
        answer(meter, seconds=0.7)
    assert least < recent.now().p95 <= most


def test_beyond_the_last_bound_it_is_that_bound() -> None:
    meter = RequestMeter(CollectorRegistry())
    recent = Recent(meter)
    assert recent.now().p95 == 0
    answer(meter, seconds=1e9)
    assert recent.now().p95 == BOUNDS[-1]


def test_few_requests_are_not_telling() -> None:
    meter = RequestMeter(CollectorRegistry())
    recent = Recent(meter)
    for _ in range(19):
        answer(meter)
    assert not recent.now().is_telling
    answer(meter)
    assert recent.now().is_telling
    assert recent.now().mean_seconds == pytest.approx(0.01)

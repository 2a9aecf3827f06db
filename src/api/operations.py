"""What operators see through the API: how the process does, and which alerts stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

from dishka.integrations.litestar import FromDishka
from litestar import get
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from domains.shared.clock import Timestamp, timestamp
from domains.shared.wire import View

Number = Annotated[float, Meta(examples=[1.5])]
Word = Annotated[str, Meta(max_length=64, examples=["error_rate"])]


class Figures(Protocol):
    """Of one process, over the last five minutes."""

    @property
    def active_connections(self) -> int: ...
    @property
    def requests(self) -> int: ...
    @property
    def average_latency_ms(self) -> float: ...
    @property
    def error_percent(self) -> float: ...
    @property
    def cpu_percent(self) -> float: ...
    @property
    def memory_bytes(self) -> int: ...


class ProcessFigures(Protocol):
    """The process that answers, for who may see it."""

    async def now(self) -> Figures: ...


class Alert(Protocol):
    """How one rule stands in one process."""

    @property
    def rule(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def threshold(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def since(self) -> datetime: ...


class Alerts(Protocol):
    """The rules of all processes, for who may see them."""

    async def standing(self) -> Sequence[Alert]: ...


class MetricsView(View, frozen=True, kw_only=True):
    """Of the process that answers, over the past five minutes; what is active and memory as they are now.

    `averageLatency` is in milliseconds, `errorRate` and `cpuUsage` in percent, `memoryUsage` in bytes. Health probes
    are left out.
    """

    active_connections: Annotated[int, Meta(ge=0, examples=[12])]
    requests: Annotated[int, Meta(ge=0, examples=[4200])]
    average_latency: Number
    error_rate: Number
    cpu_usage: Number
    memory_usage: Annotated[int, Meta(ge=0, examples=[120000000])]


class AlertView(View, frozen=True, kw_only=True):
    """A rule as it stands since `since`: `quiet`, or `raised` until it is over. `source`: `api` or `worker`."""

    rule: Word
    source: Word
    state: Word
    value: Number
    threshold: Number
    unit: Word
    since: Timestamp


class AlertList(View, frozen=True):
    """All rules of all processes, the raised ones first."""

    items: Annotated[tuple[AlertView, ...], Meta(max_length=100)]


@get("/admin/metrics", tags=["Operations"])
async def show_metrics(figures: FromDishka[ProcessFigures]) -> MetricsView:
    """Show how this process does. What Prometheus reads is on a port of its own."""
    now = await figures.now()
    return MetricsView(
        active_connections=now.active_connections, requests=now.requests, average_latency=now.average_latency_ms,
        error_rate=now.error_percent, cpu_usage=now.cpu_percent, memory_usage=now.memory_bytes,
    )  # fmt: skip


@get("/admin/alerts", tags=["Operations"])
async def list_alerts(alerts: FromDishka[Alerts]) -> AlertList:
    """List all alert rules, as each process finds itself, the raised ones first."""
    return AlertList(items=tuple(_view(alert) for alert in await alerts.standing()))


def _view(alert: Alert) -> AlertView:
    return AlertView(
        rule=alert.rule,
        source=alert.source,
        state=str(alert.state),
        value=alert.value,
        threshold=alert.threshold,
        unit=alert.unit,
        since=timestamp(alert.since),
    )


OPERATIONS_ROUTES: Sequence[ControllerRouterHandler] = (show_metrics, list_alerts)

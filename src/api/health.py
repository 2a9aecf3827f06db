"""Is it up, and can it serve: for people, load balancers and `frontdesk up`."""

import asyncio
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec
import structlog
from dishka.integrations.litestar import FromDishka
from litestar import Response, get
from litestar.openapi import ResponseSpec
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from domains.shared.clock import Timestamp, timestamp

_log = structlog.get_logger("health")


class HealthCheck(Protocol):
    """One part that the API leans on. Without a `critical` one it cannot serve."""

    @property
    def name(self) -> str: ...

    @property
    def critical(self) -> bool: ...

    async def check(self) -> None:
        """Return when the part answers, raise when it does not."""
        ...


class Overall(StrEnum):
    """`degraded`: a part that is not critical is down."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DOWN = "down"


class PartStatus(StrEnum):
    """Whether a part answered in time."""

    UP = "up"
    DOWN = "down"


class PartHealth(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How one part answered."""

    status: PartStatus
    latency_ms: Annotated[float, Meta(ge=0, examples=[1.4])]


class Health(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`uptime` is in seconds."""

    status: Overall
    uptime: Annotated[int, Meta(ge=0, examples=[86400])]
    version: Annotated[str, Meta(max_length=64, examples=["0.1.0"])]
    timestamp: Timestamp
    services: Annotated[
        dict[Annotated[str, Meta(max_length=64)], PartHealth],
        Meta(max_length=50, examples=[{"database": {"status": "up", "latencyMs": 1.4}}]),
    ]


class Liveness(msgspec.Struct, frozen=True, kw_only=True):
    """The process answers. Nothing else was looked at."""

    status: Overall


class Vitals:
    """Looks at all parts at once, each for `patience` seconds at most."""

    def __init__(self, *checks: HealthCheck, version: str, patience: float = 2.0) -> None:
        self._checks = checks
        self._patience = patience
        self._version = version
        self._started = time.monotonic()
        self._looking: asyncio.Task[Health] | None = None
        self._leaving = False

    @property
    def is_leaving(self) -> bool:
        return self._leaving

    def leave(self) -> None:
        """Be ready for nothing more: the process is about to stop. What it is sent it still answers."""
        self._leaving = True

    async def taken(self) -> Health:
        """However many ask at once, the parts are asked once."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._take())
        return await asyncio.shield(self._looking)

    async def _take(self) -> Health:
        parts = await asyncio.gather(*(_look(check, self._patience) for check in self._checks))
        down = [check for check, part in zip(self._checks, parts, strict=True) if part.status is PartStatus.DOWN]
        critical = any(check.critical for check in down)
        return Health(
            status=Overall.DOWN if critical else Overall.DEGRADED if down else Overall.HEALTHY,
            uptime=int(time.monotonic() - self._started),
            version=self._version,
            timestamp=timestamp(datetime.now(UTC)),
            services={check.name: part for check, part in zip(self._checks, parts, strict=True)},
        )


async def _look(check: HealthCheck, patience: float) -> PartHealth:
    started = time.perf_counter()
    try:
        await asyncio.wait_for(check.check(), patience)
        status = PartStatus.UP
    except Exception as error:  # noqa: BLE001 - whatever a part raises means that it is down
        _log.warning("part_is_down", part=check.name, reason=type(error).__name__)
        status = PartStatus.DOWN
    return PartHealth(status=status, latency_ms=round((time.perf_counter() - started) * 1000, 1))


_DOWN = {503: ResponseSpec(data_container=Health, description="A critical part is down.", generate_examples=False)}


@get(["/health", "/api/v1/health"], opt={"public": True}, responses=_DOWN, tags=["Operations"])
async def get_health(vitals: FromDishka[Vitals]) -> Response[Health]:
    """Say how the parts are doing. 503 when one that the API cannot do without is down."""
    return _answered(await vitals.taken())


@get(["/health/live", "/api/v1/health/live"], opt={"public": True}, tags=["Operations"])
async def get_liveness() -> Liveness:
    """Say that the process answers."""
    return Liveness(status=Overall.HEALTHY)


@get(["/health/ready", "/api/v1/health/ready"], opt={"public": True}, responses=_DOWN, tags=["Operations"])
async def get_readiness(vitals: FromDishka[Vitals]) -> Response[Health]:
    """Say whether requests can be served now. 503 when not, or not for long: send them elsewhere."""
    health = await vitals.taken()
    return _answered(msgspec.structs.replace(health, status=Overall.DOWN) if vitals.is_leaving else health)


def _answered(health: Health) -> Response[Health]:
    return Response(health, status_code=503 if health.status is Overall.DOWN else 200)


HEALTH_ROUTES: tuple[ControllerRouterHandler, ...] = (get_health, get_liveness, get_readiness)

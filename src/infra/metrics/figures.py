"""What an admin sees of the process that answers."""

import os
import resource
from pathlib import Path

import msgspec

from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from infra.metrics.instruments import Instruments

_STATM = Path("/proc/self/statm")


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of the last five minutes, or since the process began; memory is what it occupies now, in bytes."""

    active_connections: int
    requests: int
    average_latency_ms: float
    error_percent: float
    cpu_percent: float
    memory_bytes: int


class ProcessFigureQueries:
    """Reads the instruments of this process."""

    def __init__(self, actor: Actor, instruments: Instruments) -> None:
        self._actor = actor
        self._instruments = instruments

    async def now(self) -> Figures:
        self._actor.must(Permission.OPERATIONS_READ)
        recent = self._instruments.recent.now()
        return Figures(
            active_connections=self._instruments.requests.in_flight,
            requests=recent.count,
            average_latency_ms=round(recent.mean_seconds * 1000, 2),
            error_percent=round(recent.failed_percent, 2),
            cpu_percent=round(recent.cpu_percent, 1),
            memory_bytes=_resident_bytes(),
        )


def _resident_bytes() -> int:
    """What is resident now; where the system does not tell, the most that ever was."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

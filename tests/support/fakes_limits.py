"""A clock that is moved by hand, and a limiter that can be away."""

from collections.abc import Sequence

from domains.shared.limits import Allowance, Window
from infra.limits.memory import MemoryLimits
from infra.limits.redis import CannotCount


class Hands:
    """Seconds, as `time.monotonic` gives them."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class Absent:
    """A `RateLimiter` that is away until told otherwise. `asked` counts the calls."""

    def __init__(self) -> None:
        self._inner = MemoryLimits()
        self.away, self.asked = True, 0

    async def take(self, who: str, windows: Sequence[Window]) -> Allowance:
        self._ask()
        return await self._inner.take(who, windows)

    async def give_back(self, who: str, windows: Sequence[Window]) -> None:
        self._ask()
        await self._inner.give_back(who, windows)

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise CannotCount

"""How often something happened a short while ago."""

import time
from collections import deque
from collections.abc import Callable

_REMEMBERED = 10_000


class Lately:
    """Remembers the last 10,000 times, by a `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=_REMEMBERED)

    def add(self) -> None:
        self._times.append(self._clock())

    def count(self, *, within: float) -> int:
        """How often it was in the last `within` seconds."""
        since = self._clock() - within
        while self._times and self._times[0] < since:
            self._times.popleft()
        return len(self._times)

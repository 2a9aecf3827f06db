"""Limits counted in this process's memory: exact as long as there is only one."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec

from domains.shared.limits import UNLIMITED, Allowance, Window

Key = tuple[str, str]


class _Opened(msgspec.Struct):
    closes_at: float
    used: int = 0


class MemoryLimits:
    """A `RateLimiter`. Nothing is awaited between looking and counting, so that no other request comes between.

    Windows of the same length close in the order in which they were opened, which is that of their dictionary: those
    that have closed are found at its front, and forgotten.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._opened: defaultdict[int, dict[Key, _Opened]] = defaultdict(dict)

    def __len__(self) -> int:
        return sum(map(len, self._opened.values()))

    async def take(self, who: str, windows: Sequence[Window]) -> Allowance:
        if not windows:
            return UNLIMITED
        now = self._now()
        opened = [self._open(window, who, now) or _Opened(now + window.seconds) for window in windows]
        granted = all(one.used < window.most for one, window in zip(opened, windows, strict=True))
        if granted:
            for one, window in zip(opened, windows, strict=True):
                one.used += 1
                self._opened[window.seconds][window.name, who] = one
        used, resets_in = [one.used for one in opened], [one.closes_at - now for one in opened]
        return Allowance.of(windows, used, resets_in, granted=granted)

    async def give_back(self, who: str, windows: Sequence[Window]) -> None:
        now = self._now()
        for window in windows:
            one = self._open(window, who, now)
            if one is not None and one.used > 0:
                one.used -= 1

    def _open(self, window: Window, who: str, now: float) -> _Opened | None:
        of_this_length = self._opened[window.seconds]
        while (key := next(iter(of_this_length), None)) and of_this_length[key].closes_at <= now:
            del of_this_length[key]
        return of_this_length.get((window.name, who))

"""What limits do when the place where they are counted is gone: they close a little, and never open."""

import time
from collections.abc import Callable, Sequence

import msgspec
import structlog

from domains.shared.limits import Allowance, RateLimiter, Window

_STRICTER = 4
_PAUSE = 1.0


class CannotCount(Exception):
    """The place where limits are counted does not answer, or not in time."""


class CautiousLimits:
    """A `RateLimiter` that asks `shared`. While that cannot count, each process grants a quarter, counted by `local`.

    After a failure `shared` is left alone for a second, so that not every request waits for it in vain.
    """

    def __init__(self, shared: RateLimiter, local: RateLimiter, now: Callable[[], float] = time.monotonic) -> None:
        self._shared = shared
        self._local = local
        self._now = now
        self._failed_at: float | None = None
        self._log = structlog.get_logger("limits")

    async def take(self, who: str, windows: Sequence[Window]) -> Allowance:
        if self._is_asking():
            try:
                allowance = await self._shared.take(who, windows)
            except CannotCount as error:
                self._note(error)
            else:
                self._failed_at = None
                return allowance
        return await self._local.take(who, [_stricter(window) for window in windows])

    async def give_back(self, who: str, windows: Sequence[Window]) -> None:
        if self._is_asking():
            try:
                await self._shared.give_back(who, windows)
            except CannotCount as error:
                self._note(error)
        else:
            await self._local.give_back(who, windows)

    def _is_asking(self) -> bool:
        return self._failed_at is None or self._now() - self._failed_at >= _PAUSE

    def _note(self, error: CannotCount) -> None:
        if self._failed_at is None:
            self._log.warning("limits_are_stricter", reason=type(error.__cause__).__name__)
        self._failed_at = self._now()


def _stricter(window: Window) -> Window:
    return msgspec.structs.replace(window, most=max(1, window.most // _STRICTER))

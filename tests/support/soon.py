"""Waiting for what comes true within a time, without knowing when."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

A_SECOND = 1.0
PATIENCE = 60.0
_BETWEEN_SECONDS = 0.02


async def becomes(expected: object, asked: Callable[[], Awaitable[object]], *, within: float = A_SECOND) -> None:
    """Ask again and again until the answer is the expected one. Fail when it is not, `within` seconds.

    It is asked half as often as an idle machine could, at least: one that stands still meanwhile gives longer.
    """
    loop = asyncio.get_running_loop()
    deadline, left, found = loop.time() + within, within / _BETWEEN_SECONDS / 2, await asked()
    while found != expected:
        assert left > 0 or loop.time() < deadline, f"{found} after {within} s, not {expected}"
        await asyncio.sleep(_BETWEEN_SECONDS)
        found, left = await asked(), left - 1


async def until(met: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Ask again and again until the answer, awaited where it has to be, is true. Fail when it is not."""

    async def is_met() -> bool:
        found = met()
        return bool(await found if inspect.isawaitable(found) else found)

    await becomes(True, is_met, within=within)


def wait_until(met: Callable[[], object], *, within: float = PATIENCE) -> None:
    """The same for what runs in no event loop."""
    deadline = time.monotonic() + within
    while not met():
        assert time.monotonic() < deadline, f"nothing within {within} s"
        time.sleep(_BETWEEN_SECONDS)

"""Waiting for what comes true within a time, without knowing when."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

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


@asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """Raise `TimeoutError` when what is inside takes longer: as long as `becomes` waits, which see."""
    async with asyncio.timeout(None) as limit:
        running_out = asyncio.create_task(_run_out(limit, seconds))
        try:
            yield
        finally:
            running_out.cancel()


async def _run_out(limit: asyncio.Timeout, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    for _ in range(int(seconds / _BETWEEN_SECONDS / 2)):
        await asyncio.sleep(_BETWEEN_SECONDS)
    limit.reschedule(max(deadline, loop.time()))


def wait_until(met: Callable[[], object], *, within: float = PATIENCE) -> None:
    """The same for what runs in no event loop."""
    deadline = time.monotonic() + within
    while not met():
        assert time.monotonic() < deadline, f"nothing within {within} s"
        time.sleep(_BETWEEN_SECONDS)

"""Waiting for what comes true within a time, without knowing when."""

import asyncio
from collections.abc import Awaitable, Callable

A_SECOND = 1.0


async def becomes(expected: object, asked: Callable[[], Awaitable[object]], *, within: float = A_SECOND) -> None:
    """Ask again and again until the answer is the expected one. Fail when it is not, `within` seconds."""
    loop = asyncio.get_running_loop()
    deadline, found = loop.time() + within, await asked()
    while found != expected:
        assert loop.time() < deadline, f"{found} after {within} s, not {expected}"
        await asyncio.sleep(0.02)
        found = await asked()

"""Work that met other work on its way, and can be done again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from domains.shared.errors import Unavailable

Result = TypeVar("Result")

TIMES_AGAIN = 3
_FIRST_PAUSE_SECONDS = 0.01


class Contention(Unavailable):
    """Two transactions stood in each other's way and this one gave way (SQLSTATE 40P01, 40001): nothing was changed."""


async def insistently(do: Callable[[], Awaitable[Result]]) -> Result:
    """What `do` comes to. Where it met `Contention` it is done again, up to three times, after a few milliseconds.

    Only for what is one transaction: the unit of work raises `Contention` only while nothing of it is stored.
    """
    for tries in range(TIMES_AGAIN):
        try:
            return await do()
        except Contention:
            await asyncio.sleep(random.uniform(0, _FIRST_PAUSE_SECONDS * 4**tries))  # noqa: S311 - chance, not a secret
    return await do()

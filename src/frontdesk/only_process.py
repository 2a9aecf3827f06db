"""Without Redis, limits are counted in the memory of the API process, which is right for one process only."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from frontdesk.databases import app_url
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.only_one import HeldByAnother, OnlyOne

_API = 1
_PREDECESSOR_SECONDS = 20.0
_TWO = (
    "Another API process serves this database. Set REDIS_URL for all of them: without it, each would count the rate"
    " limits for itself."
)


@asynccontextmanager
async def only_process(settings: Settings, *, patience: float = _PREDECESSOR_SECONDS) -> AsyncIterator[None]:
    """Be the only API process on this database for as long as this lasts, unless Redis counts, or nothing is limited.

    Raise `Refusal` where another one runs, and has not ended within `patience` seconds.
    """
    if settings.redis_url is not None or settings.rate_limits.is_off:
        yield
        return
    async with AsyncExitStack() as held:
        try:
            await held.enter_async_context(OnlyOne(app_url(settings), number=_API, patience=patience))
        except HeldByAnother:
            raise Refusal(_TWO) from None
        except (OSError, asyncpg.PostgresError) as error:
            raise Refusal(f"The database cannot be reached: {error}.") from error
        yield

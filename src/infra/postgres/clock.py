"""The business clock: the database's time, and how far the sandbox has moved it ahead."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from domains.shared.errors import Unavailable
from infra.postgres.database import Database
from infra.postgres.failures import passing

_READ = "select clock_timestamp() as now, ahead from work.clock"
_ADVANCE = "update work.clock set ahead = ahead + $1 returning ahead"
_REACHED = "select reached >= ahead from work.clock"
_EVERY_SECONDS = 1.0
_POLL_SECONDS = 0.02
_MOST_POLLS = 3000
_MEASURED_WITHIN = timedelta(seconds=1)


class BusinessClock:
    """A `Clock`, to the millisecond: what is stored is what was shown. Read anew every second by `follow`.

    A `WallClock` too. Either is the database's: a machine whose own clock is wrong has the same time as the others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._difference = timedelta()
        self._ahead = timedelta()
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """It does not go back by the little by which the difference is measured anew."""
        instant = self.wall() + self._ahead
        instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
        if not instant < self._latest < instant + _MEASURED_WITHIN:
            self._latest = instant
        return self._latest

    def wall(self) -> datetime:
        return datetime.now(UTC) + self._difference

    async def read(self) -> None:
        """Learn how this machine's time differs from the database's, and how far the business is ahead."""
        try:
            async with self._database.connection() as connection:
                asked = datetime.now(UTC)
                row = await connection.fetchrow(_READ)
                heard = datetime.now(UTC)
        except Exception as error:
            if meant := passing(error):
                raise meant from error
            raise
        if row is not None:
            # Between these two lies the true one: a measure that was held up does not spoil a better one.
            self._difference = min(max(self._difference, row["now"] - heard), row["now"] - asked)
            self._ahead = row["ahead"]

    async def advance(self, by: timedelta) -> None:
        """Move the business on by `by`, for all processes: the others learn of it within a second.

        Returns when the worker has nothing left that was due by then; raises `Unavailable` when that takes a minute.
        """
        async with self._database.connection() as driver:
            await driver.execute(_ADVANCE, by)
            for _ in range(_MOST_POLLS):
                if await driver.fetchval(_REACHED):
                    break
                await asyncio.sleep(_POLL_SECONDS)
            else:
                raise Unavailable("The worker has not come to the end of what is due.")
        await self.read()

    async def follow(self) -> None:
        """Read for ever; what cannot be read leaves the clock as it goes."""
        while True:
            with suppress(Exception):
                await self.read()
            await asyncio.sleep(_EVERY_SECONDS)

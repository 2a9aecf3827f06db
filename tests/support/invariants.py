"""After each test: what always holds in a database still does."""

import asyncpg
import pytest

from frontdesk.invariants import KINDS
from infra.postgres.invariants import findings, question
from tests.support.databases import TestDatabase

_ALL = 1_000_000


class Keeper:
    """Asks one database again and again, over one connection. What it has told once it does not tell again.

    The question is planned once: planning it takes longer than answering it.
    """

    def __init__(self, database: TestDatabase) -> None:
        self._url = database.admin
        self._connection: asyncpg.Connection | None = None
        self._asked = ""
        self._told: set[tuple[str, str]] = set()

    async def news(self, *, thorough: bool = False) -> list[str]:
        """What has been broken since."""
        connection = await self._connected()
        asked = await question(connection, thorough=True, most=_ALL) if thorough else self._asked
        found = await findings(connection, KINDS, asked=asked)
        new = {(name, each) for name, several in found.items() for each in several} - self._told
        self._told |= new
        return sorted(f"{name}: {each}" for name, each in new)

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._url, server_settings={"plan_cache_mode": "force_generic_plan"}, max_cacheable_statement_size=0
            )
            self._asked = await question(self._connection, thorough=False, most=_ALL)
        return self._connection


async def broken_in(database: TestDatabase) -> list[str]:
    """All that is broken in a database that is used once."""
    keeper = Keeper(database)
    try:
        return await keeper.news(thorough=True)
    finally:
        await keeper.close()


def may_break(request: pytest.FixtureRequest) -> bool:
    """Whether the test says that it leaves such rows: `pytest.mark.breaks_invariants(why)`."""
    return request.node.get_closest_marker("breaks_invariants") is not None


def judge(request: pytest.FixtureRequest, news: list[str]) -> None:
    """Fail the test that broke an invariant, unless it says that it does."""
    if news and not may_break(request):
        pytest.fail("This test leaves invariants broken:\n" + "\n".join(news[:20]), pytrace=False)

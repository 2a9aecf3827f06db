"""One process holds the claim; the next waits for it a while, and is refused."""

import asyncio

import asyncpg
import pytest

from infra.postgres.only_one import HeldByAnother, OnlyOne
from tests.support.databases import TestDatabase, rows
from tests.support.soon import becomes, until

DEADLINE = 20.0


def claim(database: TestDatabase, *, number: int = 1, patience: float = 0.0) -> OnlyOne:
    return OnlyOne(database.app, number=number, patience=patience)


async def test_a_second_one_is_refused(own_database: TestDatabase) -> None:
    async with claim(own_database), claim(own_database, number=2):
        with pytest.raises(HeldByAnother):
            await claim(own_database).__aenter__()
    async with claim(own_database):
        assert await holders(own_database) == 1


async def test_one_waits_for_its_predecessor_to_leave(own_database: TestDatabase) -> None:
    first = await claim(own_database).__aenter__()
    second = asyncio.create_task(claim(own_database, patience=DEADLINE).__aenter__())
    await becomes(2, lambda: askers(own_database), within=DEADLINE)
    assert not second.done()
    await first.__aexit__(None, None, None)
    holding = await asyncio.wait_for(second, DEADLINE)
    with pytest.raises(HeldByAnother):
        await claim(own_database).__aenter__()
    await holding.__aexit__(None, None, None)


async def test_a_lost_connection_is_made_again(own_database: TestDatabase) -> None:
    async with claim(own_database):
        await executed(
            own_database,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database ="
            " (select oid from pg_database where datname = current_database())",
        )
        await until(lambda: holders(own_database), within=DEADLINE)
        with pytest.raises(HeldByAnother):
            await claim(own_database).__aenter__()


async def test_without_a_database_there_is_no_claim() -> None:
    with pytest.raises(OSError, match=r"."):
        await OnlyOne("postgresql://nobody@127.0.0.1:1/nowhere", number=1, patience=0).__aenter__()


async def holders(database: TestDatabase) -> int:
    held = (
        "select from pg_locks where locktype = 'advisory' and granted and database ="
        " (select oid from pg_database where datname = current_database())"
    )
    return len(await rows(database.admin, held))


async def askers(database: TestDatabase) -> int:
    """Those that have asked for a claim, and for nothing since."""
    asked = "select from pg_stat_activity where datname = current_database() and query like 'select pg_try_advisory%'"
    return len(await rows(database.admin, asked))


async def executed(database: TestDatabase, statement: str) -> None:
    connection = await asyncpg.connect(database.admin)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

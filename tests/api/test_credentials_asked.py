"""What public calls about credentials ask of the database and of the hasher, whoever the address is. Attack 129."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from asyncpg.connection import LoggedQuery

from infra.postgres.database import Database
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.registrations import an_address, registered
from tests.support.signed_up import signed_up
from tests.support.stories import inspector

_OF_THE_CLOCK = "work.clock"


@pytest.fixture
async def one_line(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """The application with a single connection, so that all its statements pass one place."""
    async with house_over(database, tmp_path, pool_size=1) as running:
        yield running


async def statements(house: House, path: str, body: dict[str, object]) -> list[str]:
    """What is asked of the database to answer a request, less ids, and less what the clock asks by itself."""
    asked: list[str] = []

    def note(query: LoggedQuery) -> None:
        if _OF_THE_CLOCK not in query.query:
            asked.append(query.query.split("app.tenant_id")[0])

    database = await house.container.get(Database)
    async with database.connection() as connection:
        connection.add_query_logger(note)
    async with house.client() as client:
        await client.post(path, json=body)
    await asyncio.sleep(0)
    async with database.connection() as connection:
        connection.remove_query_logger(note)
    return asked


@pytest.mark.breaks_invariants("an owner who was suspended")
async def test_forgetting_asks_the_same_for_everybody(one_line: House) -> None:
    known, suspended, waiting = (await signed_up(one_line)).email, (await signed_up(one_line)).email, an_address()
    await registered(one_line, waiting)
    async with inspector(one_line) as admin:
        await admin.execute(
            "update directory.memberships m set suspended_at = now() from directory.accounts a"
            " where a.id = m.account_id and a.email = $1",
            suspended,
        )
    asked = [
        await statements(one_line, "/auth/forgot-password", {"email": email})
        for email in (known, suspended, waiting, an_address())
    ]
    assert asked == [asked[0]] * 4
    assert len(asked[0]) >= 5


async def test_a_wrong_password_asks_the_same_with_and_without_a_second_factor(one_line: House) -> None:
    plain, guarded = (await signed_up(one_line)).email, (await signed_up(one_line)).email
    async with inspector(one_line) as admin:
        await admin.execute(
            "insert into directory.second_factors (account_id, secret, confirmed_at, last_step)"
            " select id, 'sealed', now(), 1 from directory.accounts where email = $1",
            guarded,
        )
    asked = [
        await statements(one_line, "/auth/login", {"email": email, "password": "Wrong-Horse-7", "code": "123456"})
        for email in (plain, guarded, an_address())
    ]
    assert asked == [asked[0]] * 3
    assert len(asked[0]) == 6

"""The port `SecondFactors`: memory and Postgres keep the same promises."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import msgspec
import pytest

from domains.identity import SecondFactor, SecondFactors
from domains.shared.ids import new_id
from domains.shared.work import UnitOfWork
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.second_factors import PostgresSecondFactors
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.fakes import MemoryWork
from tests.support.fakes_second_factors import MemorySecondFactors
from tests.support.work import CLOCK

SEALED, CODES, SESSION = b"sealed", [b"one", b"two"], new_id()


class Place(msgspec.Struct):
    """Where an account has its second factor."""

    factors: SecondFactors
    work: UnitOfWork
    account: UUID


@pytest.fixture(params=["memory", "postgres"])
async def place(request: pytest.FixtureRequest, database: TestDatabase) -> AsyncIterator[Place]:
    account = new_id()
    if request.param == "memory":
        memory = MemoryWork()
        yield Place(MemorySecondFactors(memory), memory, account)
        return
    admin = await asyncpg.connect(database.admin)
    await admin.execute(
        "insert into directory.accounts (id, email, password_hash, verified_at) values ($1, $2, 'none', now())",
        account,
        f"{account}@example.com",
    )
    await admin.close()
    pool = Database(database.app, size=2)
    work = PostgresWork(pool, None, Origin(), {}, CLOCK)
    yield Place(PostgresSecondFactors(work), work, account)
    await pool.close()


async def put_on(place: Place) -> None:
    async with place.work:
        assert await place.factors.start(place.account, SEALED)
        assert await place.factors.confirm(place.account, session=SESSION, step=100, codes=CODES)


async def test_it_is_on_once_it_is_confirmed(place: Place) -> None:
    async with place.work:
        assert await place.factors.of(place.account) is None
        assert not await place.factors.confirm(place.account, session=SESSION, step=1, codes=CODES)
        assert await place.factors.start(place.account, b"first")
        assert await place.factors.start(place.account, SEALED)
        assert await place.factors.of(place.account) == SecondFactor(SEALED, False)
        assert not await place.factors.use_step(place.account, 5)
    async with place.work:
        assert await place.factors.confirm(place.account, session=SESSION, step=100, codes=CODES)
        assert await place.factors.of(place.account) == SecondFactor(SEALED, True)
        assert not await place.factors.confirm(place.account, session=SESSION, step=101, codes=CODES)
        assert not await place.factors.start(place.account, b"other")


async def test_a_step_and_all_before_it_are_used_up(place: Place) -> None:
    await put_on(place)
    async with place.work:
        assert not await place.factors.use_step(place.account, 100)
        assert await place.factors.use_step(place.account, 102)
        assert not await place.factors.use_step(place.account, 102)
        assert not await place.factors.use_step(place.account, 101)
        assert not await place.factors.use_step(new_id(), 103)
        assert await place.factors.use_step(place.account, 103)


async def test_a_recovery_code_is_good_once_and_new_ones_kill_the_old(place: Place) -> None:
    await put_on(place)
    async with place.work:
        assert await place.factors.use_recovery_code(place.account, b"one")
        assert not await place.factors.use_recovery_code(place.account, b"one")
        assert not await place.factors.use_recovery_code(new_id(), b"two")
        assert await place.factors.replace_recovery_codes(place.account, [b"three"])
        assert not await place.factors.use_recovery_code(place.account, b"two")
        assert await place.factors.use_recovery_code(place.account, b"three")


async def test_it_is_taken_away_with_its_codes(place: Place) -> None:
    async with place.work:
        assert not await place.factors.drop(place.account, session=SESSION)
        assert not await place.factors.replace_recovery_codes(place.account, CODES)
    await put_on(place)
    async with place.work:
        assert await place.factors.drop(place.account, session=SESSION)
        assert await place.factors.of(place.account) is None
        assert not await place.factors.use_recovery_code(place.account, b"one")

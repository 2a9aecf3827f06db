"""What `Attempts` promise, held against the directory's and the fake's; and what only the directory's can show."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from domains.identity import Attempts
from domains.shared.ids import new_id
from domains.shared.limits import UNLIMITED, Allowance, LimitName, Rate, RateLimits
from domains.shared.work import UnitOfWork
from infra.postgres.attempts import AttemptKeys, Place, PostgresAttempts
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.fakes import MemoryWork
from tests.support.fakes_limits import MemoryAttempts
from tests.support.house import PATIENT
from tests.support.work import CLOCK

LIMITS = RateLimits(
    {
        LimitName.ACCOUNT_LOGIN: (Rate(5, 900),),
        LimitName.CODE_GUESS: (Rate(20, 3600),),
        LimitName.CODE_MAIL: (Rate(3, 3600),),
    }
)
BRIEF = RateLimits({LimitName.CODE_MAIL: (Rate(2, 1),)})
KEYS = AttemptKeys(b"a secret of tests")

Desk = Callable[..., tuple[UnitOfWork, Attempts]]


@pytest.fixture
async def pool(database: TestDatabase) -> AsyncIterator[Database]:
    pool = Database(database.app, size=10, patience=PATIENT)
    yield pool
    await pool.close()


@pytest.fixture(params=["postgres", "memory"])
def desk(request: pytest.FixtureRequest, pool: Database) -> Desk:
    """Makes the work and the attempts of a caller at a place."""
    memory = MemoryWork()

    def made(place: str = "here", limits: RateLimits = LIMITS) -> tuple[UnitOfWork, Attempts]:
        if request.param == "memory":
            return memory, MemoryAttempts(memory, limits, place=place)
        return at(pool, place, limits)

    return made


@pytest.fixture
def email() -> str:
    return f"{new_id()}@example.com"


def at(pool: Database, place: str = "here", limits: RateLimits = LIMITS) -> tuple[PostgresWork, PostgresAttempts]:
    work = PostgresWork(pool, None, Origin(), {}, CLOCK)
    return work, PostgresAttempts(work, limits, KEYS, Place(place))


async def logins(desk: tuple[UnitOfWork, Attempts], email: str, times: int) -> list[bool]:
    return [(await counted(desk, "login", email)).granted for _ in range(times)]


async def counted(desk: tuple[UnitOfWork, Attempts], what: str, email: str) -> Allowance:
    work, attempts = desk
    async with work:
        allowance: Allowance = await getattr(attempts, what)(email)
        return allowance


async def undone(desk: tuple[UnitOfWork, Attempts], email: str) -> None:
    work, attempts = desk
    async with work:
        assert (await attempts.login(email)).granted
        raise LookupError


async def succeed(desk: tuple[UnitOfWork, Attempts], email: str) -> None:
    work, attempts = desk
    async with work:
        await attempts.login_succeeded(email)


async def test_five_logins_are_granted(desk: Desk, email: str) -> None:
    first = await counted(desk(), "login", email)
    assert (first.granted, first.most, first.remaining) == (True, 5, 4)
    assert 890 <= first.resets_in <= 900
    assert await logins(desk(), email, 5) == [True] * 4 + [False]
    refused = await counted(desk(), "login", email)
    assert (refused.granted, refused.remaining) == (False, 0)
    assert 890 <= refused.resets_in <= 900


async def test_addresses_are_counted_apart(desk: Desk, email: str) -> None:
    assert await logins(desk(), email, 6) == [True] * 5 + [False]
    assert await logins(desk(), f"x{email}", 1) == [True]


async def test_what_succeeds_is_given_back(desk: Desk, email: str) -> None:
    for _ in range(12):
        assert await logins(desk("here"), email, 1) == [True]
        await succeed(desk("here"), email)


async def test_strangers_lock_nobody_out_where_they_logged_in_before(desk: Desk, email: str) -> None:
    assert await logins(desk("home"), email, 1) == [True]
    await succeed(desk("home"), email)
    assert await logins(desk("elsewhere"), email, 6) == [True] * 5 + [False]
    assert await logins(desk("a third place"), email, 1) == [False]
    assert await logins(desk("home"), email, 6) == [True] * 5 + [False]


async def test_codes_and_letters_have_limits_of_their_own(desk: Desk, email: str) -> None:
    guesses = [(await counted(desk(), "code_guess", email)).granted for _ in range(21)]
    letters = [(await counted(desk(), "code_mail", email)).granted for _ in range(4)]
    assert guesses == [True] * 20 + [False]
    assert letters == [True] * 3 + [False]
    assert await logins(desk(), email, 1) == [True]


async def test_what_is_undone_is_not_counted(desk: Desk, email: str) -> None:
    for _ in range(6):
        with pytest.raises(LookupError):
            await undone(desk(), email)
    assert await logins(desk(), email, 6) == [True] * 5 + [False]


async def test_without_limits_nothing_is_counted(desk: Desk, email: str) -> None:
    for _ in range(30):
        assert await counted(desk(limits=RateLimits.off()), "login", email) == UNLIMITED
        await succeed(desk(limits=RateLimits.off()), email)
    assert await logins(desk(), email, 6) == [True] * 5 + [False]


async def test_a_hundred_at_once_get_exactly_five(pool: Database, email: str) -> None:
    crowd = [at(pool, place=f"place {number}") for number in range(100)]
    taken = await asyncio.gather(*(counted(desk, "login", email) for desk in crowd))
    assert sum(allowance.granted for allowance in taken) == 5


async def test_processes_share_what_is_counted(database: TestDatabase, pool: Database, email: str) -> None:
    assert await logins(at(pool), email, 4) == [True] * 4
    other = Database(database.app, size=3)
    assert await logins(at(other), email, 2) == [True, False]
    await other.close()


async def test_a_window_closes(pool: Database, email: str) -> None:
    taken = [(await counted(at(pool, limits=BRIEF), "code_mail", email)).granted for _ in range(3)]
    assert taken == [True, True, False]
    again = await counted(at(pool, limits=BRIEF), "code_mail", email)
    for _ in range(200):
        if again.granted:
            break
        await asyncio.sleep(0.05)
        again = await counted(at(pool, limits=BRIEF), "code_mail", email)
    assert (again.granted, again.remaining) == (True, 1)


async def test_no_address_is_written_down(database: TestDatabase, pool: Database, email: str) -> None:
    await logins(at(pool, "203.0.113.7"), email, 1)
    await succeed(at(pool, "203.0.113.7"), email)
    rows = await inspected(
        database, "select a::text from directory.attempts a union select k::text from directory.known_places k"
    )
    assert len(rows) >= 2
    assert not any(email in row[0] or email.encode().hex() in row[0] or "203.0.113" in row[0] for row in rows)


async def test_what_has_ended_is_cleared_by_those_who_come_after(own_database: TestDatabase) -> None:
    await inspected(
        own_database,
        "insert into directory.attempts select 'login', sha256(n::text::bytea), 1, now() - interval '1 day'"
        " from generate_series(1, 100) n",
    )
    pool = Database(own_database.app, size=10, patience=PATIENT)
    await asyncio.gather(*(counted(at(pool), "login", f"{number}@example.com") for number in range(60)))
    await pool.close()
    [row] = await inspected(
        own_database, "select count(*) filter (where closes_at < now()) old, count(*) from directory.attempts"
    )
    assert (row["old"], row["count"]) == (0, 60)


async def test_a_place_is_forgotten_after_90_days(own_database: TestDatabase) -> None:
    pool = Database(own_database.app, size=3)
    await succeed(at(pool, "home"), "ada@example.com")
    await inspected(own_database, "update directory.known_places set seen_at = now() - interval '91 days'")
    assert await logins(at(pool, "elsewhere"), "ada@example.com", 6) == [True] * 5 + [False]
    assert await logins(at(pool, "home"), "ada@example.com", 1) == [False]
    await succeed(at(pool, "another"), "bob@example.com")
    assert len(await inspected(own_database, "select from directory.known_places")) == 1
    await pool.close()


async def test_the_application_cannot_touch_the_counts(database: TestDatabase) -> None:
    connection = await asyncpg.connect(database.app)
    for statement in (
        "select from directory.attempts",
        "delete from directory.attempts",
        "select from directory.known_places",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    assert await connection.fetchval("select granted from directory.count_attempt('x', 'y', 1, 60)")
    await connection.close()


async def inspected(database: TestDatabase, statement: str) -> list[Any]:
    connection = await asyncpg.connect(database.admin)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()

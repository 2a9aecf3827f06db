"""The business clock: the database's time and how far it was moved on, and never back by a measurement."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from domains.shared.errors import Unavailable
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database

SECOND = timedelta(seconds=1)


class Telling:
    """A `Database` that says what time it is: off from this machine's, and moved ahead."""

    def __init__(self) -> None:
        self.off = self.ahead = timedelta()
        self.before = self.after = 0.0
        self.is_gone = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Telling"]:
        yield self

    async def fetchrow(self, _statement: str) -> dict[str, Any]:
        if self.is_gone:
            raise ConnectionResetError
        await asyncio.sleep(self.before)
        now = datetime.now(UTC) + self.off
        await asyncio.sleep(self.after)
        return {"now": now, "ahead": self.ahead}


@pytest.fixture
def telling() -> Telling:
    return Telling()


@pytest.fixture
def clock(telling: Telling) -> BusinessClock:
    return BusinessClock(cast("Database", telling))


def near(found: datetime, wanted: timedelta) -> bool:
    return abs(found - datetime.now(UTC) - wanted) < SECOND


@pytest.mark.parametrize("off", [-600, 0, 600])
async def test_it_is_the_database_s_time_whatever_this_machine_says(
    clock: BusinessClock, telling: Telling, off: int
) -> None:
    telling.off, telling.ahead = timedelta(seconds=off), timedelta(days=30)
    await clock.read()
    assert near(clock.wall(), telling.off)
    assert near(clock.now(), telling.off + telling.ahead)


@pytest.mark.parametrize(("before", "after"), [(0.2, 0.0), (0.0, 0.2)])
async def test_a_question_that_was_held_up_does_not_spoil_what_is_known(
    clock: BusinessClock, telling: Telling, before: float, after: float
) -> None:
    """What happened now would else be due in the database's future."""
    telling.off = timedelta(seconds=90)
    await clock.read()
    telling.before, telling.after = before, after
    await clock.read()
    assert abs(clock.wall() - datetime.now(UTC) - telling.off) < timedelta(milliseconds=50)


async def test_it_does_not_go_back_by_what_was_measured_anew(clock: BusinessClock, telling: Telling) -> None:
    """An answer that took longer makes the difference seem smaller: what is stored next must not seem older."""
    telling.off = timedelta(milliseconds=900)
    await clock.read()
    before = clock.now()
    telling.off = timedelta(milliseconds=300)
    await clock.read()
    assert [clock.now() for _ in range(100)] == [before] * 100


async def test_it_goes_on_once_time_has_caught_up(clock: BusinessClock, telling: Telling) -> None:
    await clock.read()
    before = clock.now()
    telling.off = timedelta(milliseconds=500)
    await clock.read()
    assert clock.now() > before
    shown = [clock.now() for _ in range(1000)]
    assert shown == sorted(shown)


async def test_a_database_that_was_set_back_is_followed(clock: BusinessClock, telling: Telling) -> None:
    """More than a second is no measurement: standing still for so long would be worse."""
    telling.off = timedelta(seconds=90)
    await clock.read()
    before = clock.now()
    telling.off = timedelta()
    await clock.read()
    assert before - clock.now() > timedelta(seconds=80)


async def test_it_is_to_the_millisecond(clock: BusinessClock) -> None:
    assert {clock.now().microsecond % 1000 for _ in range(100)} == {0}


async def test_a_database_that_is_gone_is_unavailable_and_leaves_the_clock(
    clock: BusinessClock, telling: Telling
) -> None:
    telling.off, telling.is_gone = timedelta(hours=1), True
    with pytest.raises(Unavailable):
        await clock.read()
    assert near(clock.wall(), timedelta())

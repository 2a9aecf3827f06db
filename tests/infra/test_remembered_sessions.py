"""Sessions in memory: asked for once, forgotten in time, never remembered from before a change."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from uuid import UUID

import msgspec

from domains.identity import Session
from domains.shared.ids import new_id
from domains.shared.permissions import Permission, Role
from infra.postgres.access_feed import Changes
from infra.postgres.sessions import Standing
from infra.remembered_sessions import STALE_SECONDS, HeededStandings, RememberedSessions

HOUR = timedelta(hours=1)
NOTHING = Changes(frozenset(), frozenset(), frozenset())


async def nothing() -> None:
    """Nothing happens meanwhile."""


class Records:
    """Sessions as they are written down. `asked` counts; `meanwhile` happens while an answer is on its way."""

    def __init__(self) -> None:
        self.sessions: dict[UUID, Standing] = {}
        self.keys: dict[bytes, Standing] = {}
        self.asked = 0
        self.meanwhile: Callable[[], Awaitable[None]] = nothing

    def opened(self, lasts: timedelta = HOUR, *, key: bytes | None = None) -> Session:
        scopes = frozenset({Permission.CUSTOMERS_READ}) if key else None
        session = Session(id=new_id(), account=new_id(), tenant=new_id(), user=new_id(), role=Role.OWNER, scopes=scopes)
        if key:
            self.keys[key] = Standing(session, lasts)
        else:
            self.sessions[session.id] = Standing(session, lasts)
        return session

    async def standing(self, session_id: UUID) -> Standing | None:
        return await self._answered(self.sessions.get(session_id))

    async def standing_of_key(self, digest: bytes) -> Standing | None:
        return await self._answered(self.keys.get(digest))

    async def _answered(self, found: Standing | None) -> Standing | None:
        self.asked += 1
        await self.meanwhile()
        return found


def now() -> float:
    return asyncio.get_running_loop().time()


def named(how: str, *sessions: Session) -> Changes:
    """A change of these, named in one way."""
    return Changes(
        sessions=frozenset(each.id for each in sessions if how == "sessions"),
        members=frozenset((each.tenant, each.account) for each in sessions if how == "members"),
        tenants=frozenset(each.tenant for each in sessions if how == "tenants"),
    )


def told(records: Records, *, most: int = 100) -> RememberedSessions:
    memory = RememberedSessions(records, most=most)
    memory.forget_all(as_of=now())
    return memory


async def test_a_session_is_asked_for_once() -> None:
    records = Records()
    memory, session = told(records), records.opened()
    assert [await memory.find(session.id) for _ in range(3)] == [session] * 3
    assert records.asked == 1
    assert await memory.find(new_id()) is None


async def test_before_anything_was_told_each_is_asked_for() -> None:
    records = Records()
    memory, session = RememberedSessions(records), records.opened()
    assert [await memory.find(session.id) for _ in range(2)] == [session] * 2
    assert records.asked == 2
    memory.forget_all(as_of=now())
    assert [await memory.find(session.id) for _ in range(2)] == [session] * 2
    assert records.asked == 3


async def test_a_memory_that_is_told_too_late_is_not_asked() -> None:
    records = Records()
    memory, session = told(records), records.opened()
    await memory.find(session.id)
    del records.sessions[session.id]
    memory.forget(NOTHING, as_of=now() - STALE_SECONDS)
    assert await memory.find(session.id) is None
    assert records.asked == 2


async def test_what_has_changed_is_asked_for_again_and_nothing_else() -> None:
    records = Records()
    memory = told(records)
    for change in ("sessions", "members", "tenants"):
        changed, other = records.opened(), records.opened()
        key, other_key = records.opened(key=b"key"), records.opened(key=b"other")
        for find in (memory.find(changed.id), memory.find(other.id)):
            await find
        for digest in (b"key", b"other"):
            await memory.find_key(digest)
        before = records.asked
        memory.forget(named(change, changed, key), as_of=now())
        await memory.find(other.id)
        await memory.find_key(b"other")
        assert records.asked == before
        await memory.find(changed.id)
        await memory.find_key(b"key")
        assert records.asked == before + 2
        memory.forget_all(as_of=now())
        assert await memory.find_key(b"other") == other_key


async def test_what_was_read_while_a_change_came_in_is_not_remembered() -> None:
    """It was read just before the end, and would be put into memory just after that was told."""
    records = Records()
    memory, session = told(records), records.opened()
    ended = msgspec.structs.replace(NOTHING, sessions=frozenset({session.id}))

    async def end() -> None:
        memory.forget(ended, as_of=now())

    records.meanwhile = end
    assert await memory.find(session.id) == session
    records.meanwhile = nothing
    del records.sessions[session.id]
    assert await memory.find(session.id) is None


async def test_what_has_run_out_is_asked_for_again() -> None:
    records = Records()
    memory, session = told(records), records.opened(timedelta(0))
    assert [await memory.find(session.id) for _ in range(2)] == [session] * 2
    assert records.asked == 2


async def test_it_holds_so_many_and_no_more() -> None:
    records = Records()
    memory = told(records, most=3)
    sessions = [records.opened() for _ in range(4)]
    for session in sessions:
        await memory.find(session.id)
    await memory.find(sessions[3].id)
    assert records.asked == 4
    await memory.find(sessions[0].id)
    assert records.asked == 5


async def test_the_use_of_a_key_is_kept_and_that_of_a_session_is_not() -> None:
    records = Records()
    memory, key = told(records), records.opened(key=b"key")
    await memory.find(records.opened().id)
    assert [await memory.find_key(b"key") for _ in range(2)] == [key] * 2
    assert (memory.used, records.asked) == ({key.id}, 2)


async def test_a_session_that_is_found_to_have_ended_is_not_remembered() -> None:
    records = Records()
    memory, ended, open_one = told(records), records.opened(), records.opened()
    assert [await memory.find(each.id) for each in (ended, open_one)] == [ended, open_one]
    del records.sessions[ended.id]

    class Book:
        async def of(self, sessions: Collection[UUID]) -> dict[UUID, Role]:
            return {each: Role.OWNER for each in sessions if each in records.sessions}

    assert await HeededStandings(Book(), memory).of({ended.id, open_one.id}) == {open_one.id: Role.OWNER}
    assert [await memory.find(each.id) for each in (ended, open_one)] == [None, open_one]
    assert records.asked == 3

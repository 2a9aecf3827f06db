"""Whoever holds a stolen session can neither carry it past its end by switching tenants, nor push others out. C3 49."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.signing_in import Answer, logged_in, newcomer, status_of
from tests.support.soon import becomes
from tests.support.stories import inspector

_WAITING = "select exists (select from pg_locks where not granted and locktype in ('transactionid', 'tuple'))"
_ENDINGS = {
    "password changed": "select directory.change_password($1, a.password_hash, 'new') from directory.accounts a"
    " join directory.sessions s on s.account_id = a.id where s.id = $1",
    "logged out everywhere": "select directory.end_sessions(s.account_id, null, null)"
    " from directory.sessions s where s.id = $1",
}


async def switched(house: House, stolen: Answer) -> int:
    async with house.client(stolen["accessToken"]) as client:
        answer = await client.post("/auth/switch-tenant", json={"tenantId": stolen["tenant"]["id"]})
    return answer.status_code


async def another_session(admin: asyncpg.Connection, stolen: Answer) -> UUID:
    """One more session of the same person, as its id."""
    made = new_id()
    await admin.execute(
        "insert into directory.sessions (id, account_id, tenant_id, expires_at) select $1, account_id, tenant_id,"
        " now() + interval '1 hour' from directory.memberships where user_id = $2",
        made,
        UUID(stolen["user"]["id"]),
    )
    return made


@pytest.mark.parametrize("ending", _ENDINGS)
async def test_switching_while_all_sessions_end_opens_none(house: House, ending: str) -> None:
    _, stolen = await newcomer(house)
    async with inspector(house) as admin, inspector(house) as watcher:
        own = await another_session(admin, stolen)
        assert await switched(house, stolen) == 200
        async with admin.transaction():
            await admin.execute(_ENDINGS[ending], own)
            racer = asyncio.create_task(switched(house, stolen))

            async def has_gone_as_far_as_it_can() -> bool:
                return racer.done() or bool(await watcher.fetchval(_WAITING))

            await becomes(True, has_gone_as_far_as_it_can)
        assert await racer == 404
        left = await admin.fetch(
            "select s.id from directory.sessions s join directory.memberships m using (account_id, tenant_id)"
            " where m.user_id = $1 and s.id <> $2",
            UUID(stolen["user"]["id"]),
            own,
        )
    assert left == []


async def test_whoever_switches_over_and_over_pushes_nobody_out(house: House) -> None:
    email, stolen = await newcomer(house)
    own = await logged_in(house, email)
    assert [await switched(house, stolen) for _ in range(25)] == [200] * 25
    for answer in (own, stolen):
        assert await status_of(house, answer["accessToken"]) == 200
    async with house.client(own["accessToken"]) as client:
        assert len((await client.get("/auth/sessions")).json()["items"]) == 2 + 10

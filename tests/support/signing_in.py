"""People who have really signed in, with refresh tokens, and what they do with them."""

from typing import Any
from uuid import UUID

import httpx

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.registrations import an_address, log_in, verified
from tests.support.stories import inspector

Answer = dict[str, Any]


async def newcomer(house: House) -> tuple[str, Answer]:
    """The address of somebody who has just registered and confirmed, and the answer to that."""
    email = an_address()
    return email, await verified(house, email)


async def logged_in(house: House, email: str, *, agent: str = "test", **fields: Any) -> Answer:
    """One more login."""
    answer = await log_in(house, email, headers={"User-Agent": agent}, **fields)
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


async def refresh(house: House, token: str, *, agent: str = "test") -> httpx.Response:
    async with house.client() as client:
        return await client.post("/auth/refresh", json={"refreshToken": token}, headers={"User-Agent": agent})


async def status_of(house: House, token: str, path: str = "/auth/me") -> int:
    """How the API answers whoever shows the token."""
    async with house.client(token) as client:
        return (await client.get(path)).status_code


async def backdated(house: House, *, seconds: int) -> None:
    """Have all exchanges of refresh tokens happened so much earlier."""
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.refresh_tokens set used_at = used_at - make_interval(secs => $1)", float(seconds)
        )


async def audited(house: House, answer: Answer) -> list[str]:
    """The actions noted in the tenant of a login, in order."""
    async with inspector(house) as admin:
        rows = await admin.fetch(
            "select action from audit_log where tenant_id = $1 order by id", UUID(answer["tenant"]["id"])
        )
    return [row["action"] for row in rows]


async def joined(house: House, email: str, tenant: str, role: str = "staff") -> None:
    """Make the person a user of one more tenant."""
    user = new_id()
    async with inspector(house) as admin, admin.transaction():
        account = await admin.fetchval("select id from directory.accounts where email = $1", email)
        await admin.execute(
            "insert into directory.memberships (account_id, tenant_id, user_id, role) values ($1, $2, $3, $4)",
            account,
            tenant,
            user,
            role,
        )
        await admin.execute(
            "insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)"
            " values ($1, $2, $3, $4, $5, 'second', 'Second', now(), now())",
            tenant,
            user,
            account,
            role,
            email,
        )


async def suspended(house: House, email: str, tenant: str) -> None:
    """Suspend the person in one tenant."""
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.memberships set suspended_at = now() where tenant_id = $2"
            " and account_id = (select id from directory.accounts where email = $1)",
            email,
            tenant,
        )

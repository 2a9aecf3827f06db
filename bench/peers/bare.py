"""The reference: raw ASGI, raw asyncpg with its defaults, PyJWT, and the same rows under the same row-level security.

It has no permissions, limits, audit, events, metrics or logs.
"""

import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import jwt
import msgspec

from domains.shared.ids import new_id

Message = dict[str, Any]
_FIELDS = (
    "id, name, company, emails, phones, addresses, tags, notes, preferred_language, source, custom, archived_at,"
    " merged_into, version, created_at, updated_at"
)
_BIND = "select set_config('app.tenant_id', $1, true)"
_ONE = f"select {_FIELDS} from customers where id = $1"  # noqa: S608 - put together from constants
_LIST = f"""
    select {_FIELDS} from customers where merged_into is null and erased_at is null and archived_at is null
    order by created_at desc, id desc limit $1
"""  # noqa: S608 - as above
_INSERT = f"""
    insert into customers (tenant_id, {_FIELDS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""  # noqa: S608 - as above
_JSON = [(b"content-type", b"application/json")]


class Bare:
    """One ASGI application: list, get and create."""

    def __init__(self) -> None:
        self._secret = os.environ["JWT_SECRET"]
        self._pool: asyncpg.Pool | None = None

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path = str(scope["path"]).removeprefix("/api/v1/customers")
        if not str(scope["path"]).startswith("/api/v1/customers"):
            await _answer(send, 200, b"{}")
            return
        tenant = self._tenant(scope)
        if scope["method"] == "POST":
            await _answer(send, 201, await self._create(tenant, (await receive())["body"]))
        elif path:
            await _answer(send, 200, await self._get(tenant, UUID(path[1:])))
        else:
            await _answer(send, 200, await self._list(tenant, 20))

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _tenant(self, scope: Message) -> str:
        token = dict(scope["headers"])[b"authorization"][7:].decode()
        claims = jwt.decode(token, self._secret, algorithms=["HS256"], issuer="frontdesk", audience="frontdesk-api")
        return str(UUID(claims["tid"]))

    async def _list(self, tenant: str, limit: int) -> bytes:
        assert self._pool  # noqa: S101 - granian starts the lifespan first
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BIND, tenant)
            rows = await connection.fetch(_LIST, limit + 1)
        items = [_shown(row) for row in rows[:limit]]
        return msgspec.json.encode({"items": items, "nextCursor": items[-1]["id"] if len(rows) > limit else None})

    async def _get(self, tenant: str, customer: UUID) -> bytes:
        assert self._pool  # noqa: S101 - as above
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BIND, tenant)
            row = await connection.fetchrow(_ONE, customer)
        return msgspec.json.encode(_shown(row))

    async def _create(self, tenant: str, body: bytes) -> bytes:
        assert self._pool  # noqa: S101 - as above
        given = msgspec.json.decode(body)
        now = datetime.now(UTC)
        values = (
            new_id(), given.get("name"), given.get("company"), given.get("emails", []), given.get("phones", []),
            json.dumps(given.get("addresses", [])), given.get("tags", []), given.get("notes"),
            given.get("preferredLanguage"), given.get("source"), json.dumps(given.get("custom", {})), None, None,
            1, now, now,
        )  # fmt: skip
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BIND, tenant)
            await connection.execute(_INSERT, UUID(tenant), *values)
        names = (name.strip() for name in _FIELDS.split(","))
        return msgspec.json.encode(_shown(dict(zip(names, values, strict=True))))


def _shown(row: Any) -> Message:
    return {
        "id": row["id"],
        "name": row["name"],
        "company": row["company"],
        "emails": row["emails"],
        "phones": row["phones"],
        "addresses": json.loads(row["addresses"]),
        "tags": row["tags"],
        "notes": row["notes"],
        "preferredLanguage": row["preferred_language"],
        "source": row["source"],
        "custom": json.loads(row["custom"]),
        "archivedAt": row["archived_at"] and _time(row["archived_at"]),
        "mergedInto": row["merged_into"],
        "version": row["version"],
        "createdAt": _time(row["created_at"]),
        "updatedAt": _time(row["updated_at"]),
    }


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


async def _answer(send: Any, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _JSON})
    await send({"type": "http.response.body", "body": body})


app = Bare()

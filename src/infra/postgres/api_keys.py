"""API keys: the tenant's list of them, and in the directory what they open."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import asyncpg

from domains.api_keys import ApiKey, ApiKeyView, KeyStatus
from domains.shared.actor import Actor
from domains.shared.clock import WallClock, timestamp
from domains.shared.errors import Unauthenticated
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.database import Database
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_FIELDS = "id, name, prefix, scopes, created_by, expires_at, created_at"
_INSERT = f"insert into api_keys (tenant_id, {_FIELDS}) values ($1, $2, $3, $4, $5, $6, $7, $8)"  # noqa: S608 - as below
_DELETE = f"delete from api_keys where id = $1 returning {_FIELDS}"  # noqa: S608 - put together from constants
_DELETE_ALL = f"delete from api_keys where id = any ($1) returning {_FIELDS}"  # noqa: S608 - as above
_HOLD = "select directory.hold_session($1)"
_ADD = "select directory.add_api_key($1, $2, $3, $4, $5, $6)"
_DROP = "select directory.drop_api_key($1, $2)"
_IN_USE = "select id, last_used_at from directory.keys_in_use($1, $2)"
_NOTE_USE = "select directory.note_key_use($1)"
_LIST = Keyset(table="api_keys", fields=_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})


class PostgresKeyRing:
    """The `KeyRing` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, key: ApiKey, *, digest: bytes, maker: Actor) -> None:
        if not await self._work.connection.fetchval(_HOLD, maker.session):
            raise Unauthenticated("The session has ended.")
        scopes = [scope.value for scope in key.scopes]
        await self._work.connection.execute(
            _INSERT, self._work.tenant, key.id, key.name, key.prefix, scopes, key.created_by, key.expires_at,
            key.created_at,
        )  # fmt: skip
        lifetime = key.expires_at - key.created_at if key.expires_at else None
        await self._work.connection.execute(_ADD, key.id, digest, maker.account, self._work.tenant, scopes, lifetime)

    async def remove(self, key_id: UUID) -> ApiKey | None:
        row = await self._work.connection.fetchrow(_DELETE, key_id)
        if row is None:
            return None
        self._work.changes_access()
        await self._work.connection.execute(_DROP, self._work.tenant, key_id)
        return _key(row)

    async def remove_ended(self, maker: UUID) -> list[ApiKey]:
        made = await self._work.connection.fetch("select id from api_keys where created_by = $1", maker)
        ids = [row["id"] for row in made]
        live = await self._work.connection.fetch(_IN_USE, self._work.tenant, ids)
        ended = list(set(ids) - {row["id"] for row in live})
        rows = await self._work.connection.fetch(_DELETE_ALL, ended)
        return [_key(row) for row in rows]


class PostgresApiKeyQueries:
    """The `ApiKeyQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, clock: WallClock, work: PostgresWork) -> None:
        self._actor = actor
        self._clock = clock
        self._work = work

    async def page(self, request: PageRequest) -> Page[ApiKeyView]:
        self._actor.must(Permission.API_KEYS_READ)
        async with self._work:
            page = await _LIST.page(self._work.connection, [], request, lambda row: row)
            ids = [row["id"] for row in page.items]
            found = await self._work.connection.fetch(_IN_USE, self._work.tenant, ids)
        uses = {row["id"]: row["last_used_at"] for row in found}
        return Page(
            items=[_view(row, uses, self._clock.wall()) for row in page.items], next=page.next, total=page.total
        )


class PostgresKeyUses:
    """The `KeyUses`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, keys: Collection[UUID]) -> None:
        async with self._database.connection() as connection:
            await connection.execute(_NOTE_USE, list(keys))


def _view(row: asyncpg.Record, uses: Mapping[UUID, datetime | None], now: datetime) -> ApiKeyView:
    used_at, expires_at = uses.get(row["id"]), row["expires_at"]
    status = KeyStatus.ACTIVE if row["id"] in uses else KeyStatus.REVOKED
    if status is KeyStatus.ACTIVE and expires_at and expires_at <= now:
        status = KeyStatus.EXPIRED
    return ApiKeyView(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        scopes=_scopes(row),
        created_by=row["created_by"],
        status=status,
        last_used_at=timestamp(used_at) if used_at else None,
        expires_at=timestamp(expires_at) if expires_at else None,
        created_at=timestamp(row["created_at"]),
    )


def _key(row: asyncpg.Record) -> ApiKey:
    return ApiKey(**{**row, "scopes": _scopes(row)})


def _scopes(row: asyncpg.Record) -> tuple[Permission, ...]:
    """Those that exist: a permission that is no more opens nothing."""
    known = {each.value: each for each in Permission}
    return tuple(known[name] for name in row["scopes"] if name in known)

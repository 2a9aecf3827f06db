"""Users in Postgres: changed here and, for what they are in the tenant, in the directory."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.errors import AlreadyExists, FieldError, Forbidden, NotFound
from domains.shared.permissions import Role
from domains.users import Addressee, LastOwner, User
from infra.postgres.audit_log import PostgresAuditErasure
from infra.postgres.erasure import statements
from infra.postgres.own_fields import updating
from infra.postgres.work import PostgresWork

FIELDS = User.__struct_fields__
USER = ", ".join(FIELDS).replace("last_seen_at", "directory.last_seen_at(users.id) as last_seen_at")

_KEPT_ELSEWHERE = {"id", "role", "email", "last_seen_at", "suspended_at", "created_at"}
_JSON = {"address", "certifications", "preferences", "notification_preferences", "field_visibility"}
_SAVED = tuple(name for name in FIELDS if name not in _KEPT_ELSEWHERE)
_FOR_CHANGE = f"select {USER} from users where id = $1 and erased_at is null for no key update"  # noqa: S608 - put together from constants
_SAVE = updating("users", _SAVED)
_ADDRESSEE = """
    select u.email, u.display_name, coalesce(u.preferred_language, t.locale) as language, t.name as tenant_name,
           u.suspended_at, u.suspension_reason
    from users u join tenants t on t.tenant_id = u.tenant_id where u.id = $1 and u.erased_at is null
"""
_CHANGE_MEMBER = "select directory.change_member($1, $2, $3, $4, $5)"
_ERASED = "update users set erased_at = $2, version = version + 1, updated_at = $2 where id = $1 and erased_at is null"


class PostgresUsers:
    """The `Users` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def for_change(self, user_id: UUID) -> User:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, user_id)
        if row is None:
            raise NotFound.one("user")
        return user_of(row)

    async def save(self, user: User) -> None:
        try:
            await self._work.connection.execute(_SAVE, user.id, *_content(user))
        except asyncpg.UniqueViolationError:
            taken = FieldError("username", "already_exists", "Somebody of the tenant has this username.")
            raise AlreadyExists("The username is taken.", errors=(taken,)) from None

    async def addressee(self, user_id: UUID) -> Addressee | None:
        row = await self._work.connection.fetchrow(_ADDRESSEE, user_id)
        return None if row is None else Addressee(**dict(row))


class PostgresMemberships:
    """The `Memberships` in the directory, and the tenant's copies of them, changed by one function."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def give_role(self, user_id: UUID, role: Role, *, by: UUID) -> None:
        await change_member(self._work, user_id, "role", by=by, role=role)

    async def suspend(self, user_id: UUID, *, by: UUID, now: datetime) -> None:
        await change_member(self._work, user_id, "suspend", by=by, at=now)

    async def activate(self, user_id: UUID, *, by: UUID) -> None:
        await change_member(self._work, user_id, "activate", by=by)


class PostgresDepartures:
    """The `Departures` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def take_out(self, user_id: UUID, *, by: UUID, now: datetime) -> None:
        await change_member(self._work, user_id, "remove", by=by)
        await self.erase(user_id, now=now)

    async def erase(self, user_id: UUID, *, now: datetime) -> None:
        connection = self._work.connection
        for statement in statements():
            await connection.execute(statement, user_id)
        await connection.execute(_ERASED, user_id, now)
        await PostgresAuditErasure(self._work).erase(user_id)


async def change_member(
    work: PostgresWork, user_id: UUID, deed: str, *, by: UUID, role: Role | None = None, at: datetime | None = None
) -> None:
    """Have the directory do it, or raise its refusal."""
    work.changes_access()
    outcome = await work.connection.fetchval(_CHANGE_MEMBER, by, user_id, deed, role, at)
    match outcome:
        case "done":
            return
        case "above":
            raise Forbidden("Nobody may touch or raise somebody above themselves.")
        case "last_owner":
            raise LastOwner("Make somebody else an owner first.")
        case _:
            raise NotFound.one("user")


def user_of(row: asyncpg.Record) -> User:
    return msgspec.convert({name: row[name] for name in FIELDS}, User)


def _content(user: User) -> Iterator[Any]:
    for name in _SAVED:
        value = getattr(user, name)
        yield msgspec.json.encode(value).decode() if name in _JSON and value is not None else value

"""Who a session or an API key belongs to, asked of the directory: one statement, no transaction."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

import asyncpg
import msgspec

from domains.identity import Session
from domains.shared.permissions import Permission, Role
from domains.shared.plans import NO_LIMITS_OF_ITS_OWN, Plan, TenantLimits
from infra.postgres.database import Database
from infra.postgres.failures import passing

_LIMITS = "directory.limits_of(a.tenant) as limits"
_ACCESS = f"select account, tenant, member, role, plan, expires_in, {_LIMITS} from directory.access($1) a"  # noqa: S608 - put together from constants
_ACCESS_BY_KEY = f"select a.*, {_LIMITS} from directory.access_by_key($1) a"  # noqa: S608 - as above
_PERMISSIONS = {each.value: each for each in Permission}


class Standing(msgspec.Struct, frozen=True):
    """A session as it stood when it was asked for, and how much longer it lasts."""

    session: Session
    expires_in: timedelta


class SessionRecords(Protocol):
    """Where sessions are written down."""

    async def standing(self, session_id: UUID) -> Standing | None: ...

    async def standing_of_key(self, digest: bytes) -> Standing | None: ...


class PostgresSessions:
    """Finds live sessions: as `LiveSessions` each time anew, as `SessionRecords` for one that remembers them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, session_id: UUID) -> Session | None:
        """The session, with its user's present role; None when it has ended."""
        found = await self.standing(session_id)
        return found.session if found else None

    async def find_key(self, digest: bytes) -> Session | None:
        """The key, with its maker's present role; None when it has ended."""
        found = await self.standing_of_key(digest)
        return found.session if found else None

    async def standing(self, session_id: UUID) -> Standing | None:
        row = await self._ask(_ACCESS, session_id)
        return None if row is None else _standing(row, session_id, None)

    async def standing_of_key(self, digest: bytes) -> Standing | None:
        row = await self._ask(_ACCESS_BY_KEY, digest)
        if row is None:
            return None
        scopes = frozenset(_PERMISSIONS[name] for name in row["scopes"] if name in _PERMISSIONS)
        return _standing(row, row["key"], scopes)

    async def _ask(self, statement: str, about: UUID | bytes) -> asyncpg.Record | None:
        try:
            async with self._database.connection() as connection:
                row = await connection.fetchrow(statement, about)
        except Exception as error:
            if meant := passing(error):
                raise meant from error
            raise
        return None if row is None or row["account"] is None else row


def _standing(row: asyncpg.Record, session: UUID, scopes: frozenset[Permission] | None) -> Standing:
    found = Session(
        id=session,
        account=row["account"],
        tenant=row["tenant"],
        user=row["member"],
        role=Role(row["role"]),
        plan=Plan(row["plan"]),
        limits=TenantLimits.read(row["limits"]) if row["limits"] else NO_LIMITS_OF_ITS_OWN,
        scopes=scopes,
    )
    return Standing(found, row["expires_in"])

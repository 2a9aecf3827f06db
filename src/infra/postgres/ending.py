"""How a tenant comes to its end in Postgres: the directory's functions, which reach every table."""

from datetime import datetime

import msgspec

from domains.shared.ids import new_id
from domains.shared.languages import language_of
from domains.tenants import Farewell, Recipient
from infra.postgres.work import PostgresWork

_CLOSE = "select directory.close_tenant($1, $2)"
_REOPEN = "select directory.reopen_tenant()"
_OWNERS = """
    select u.email, u.display_name, u.preferred_language, t.locale
    from users u left join tenants t on t.tenant_id = u.tenant_id where u.role = 'owner'
      and u.erased_at is null order by u.id
"""
_NAMED = "select name, timezone from tenants"
_FAREWELL = "select directory.farewell($1)"
_PURGE = "select directory.purge_tenant($1)"
_FORGET = "select directory.forget_tenant()"
_NOTE = "select directory.note_security_event($1, now(), 'tenant.deleted', null, $2, null, null)"
_NOT_DUE = -1


class PostgresEnding:
    """The `Ending` of the work's tenant."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def close(self, *, at: datetime, until: datetime) -> None:
        self._work.changes_access()
        await self._work.connection.execute(_CLOSE, at, until)

    async def reopen(self) -> None:
        self._work.changes_access()
        await self._work.connection.execute(_REOPEN)

    async def owners(self) -> list[Recipient]:
        rows = await self._work.connection.fetch(_OWNERS)
        return [
            Recipient(row["email"], row["display_name"], language_of(row["preferred_language"], row["locale"]))
            for row in rows
        ]


class PostgresRemains:
    """The `Remains` of the work's tenant."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def farewell(self) -> Farewell | None:
        row = await self._work.connection.fetchrow(_NAMED)
        name, zone = (row["name"], row["timezone"]) if row else ("", "UTC")
        found = Farewell(name, zone, tuple(await PostgresEnding(self._work).owners()))
        kept = await self._work.connection.fetchval(_FAREWELL, msgspec.json.encode(found).decode())
        return msgspec.convert(kept, Farewell) if kept else None

    async def purge(self, most: int) -> int | None:
        gone: int = await self._work.connection.fetchval(_PURGE, most)
        return None if gone == _NOT_DUE else gone

    async def forget(self) -> bool:
        if not await self._work.connection.fetchval(_FORGET):
            return False
        await self._work.connection.execute(_NOTE, new_id(), self._work.origin.correlation)
        return True

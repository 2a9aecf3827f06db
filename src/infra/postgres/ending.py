"""How a tenant comes to its end in Postgres: the directory's functions, which reach every table."""

from datetime import datetime

from domains.shared.languages import language_of
from domains.tenants import Recipient
from infra.postgres.work import PostgresWork

_CLOSE = "select directory.close_tenant($1, $2)"
_REOPEN = "select directory.reopen_tenant()"
_OWNERS = """
    select u.email, u.display_name, u.preferred_language, t.locale
    from users u left join tenants t on t.tenant_id = u.tenant_id where u.role = 'owner'
      and u.erased_at is null order by u.id
"""
_NAME = "select name from tenants"
_PURGE = "select directory.purge_tenant($1)"
_FORGET = "select directory.forget_tenant()"
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

    async def name(self) -> str | None:
        found: str | None = await self._work.connection.fetchval(_NAME)
        return found

    async def purge(self, most: int) -> int | None:
        gone: int = await self._work.connection.fetchval(_PURGE, most)
        return None if gone == _NOT_DUE else gone

    async def forget(self) -> bool:
        return bool(await self._work.connection.fetchval(_FORGET))

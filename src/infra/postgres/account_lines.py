"""Accounts in the directory, over the connection of who owns the database. No serving role may do this."""

import msgspec

from domains.identity import AccountLine
from infra.postgres.work import PostgresWork

_FIND = """
    select a.id as account, m.tenant_id as tenant, m.user_id as "user"
    from directory.accounts a join directory.memberships m on m.account_id = a.id
    where a.email = $1 order by m.last_used_at desc, m.tenant_id limit 1
"""


class PostgresAccountLines:
    """The `AccountLines`."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def find(self, email: str) -> AccountLine | None:
        row = await self._work.connection.fetchrow(_FIND, email)
        return msgspec.convert(dict(row), AccountLine) if row else None

"""Routes in the directory: its functions take the digest of the exact key."""

import hashlib
from uuid import UUID

from domains.inbox import Route
from infra.postgres.work import PostgresWork

_FIND = "select tenant, subject from directory.find_route($1, $2)"
_ADD = "select directory.add_route($1, $2, $3)"
_REMOVE = "select directory.remove_route($1, $2)"


class PostgresRoutes:
    """The `Routes`. A suspended tenant's lead nowhere."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def find(self, kind: str, key: str) -> Route | None:
        row = await self._work.connection.fetchrow(_FIND, kind, _digest(key))
        return Route(row["tenant"], row["subject"]) if row and row["tenant"] else None

    async def add(self, kind: str, key: str, subject: UUID) -> bool:
        return bool(await self._work.connection.fetchval(_ADD, kind, _digest(key), subject))

    async def remove(self, kind: str, key: str) -> bool:
        return bool(await self._work.connection.fetchval(_REMOVE, kind, _digest(key)))


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()

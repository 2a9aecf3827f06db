"""Tickets in the directory: any process can redeem what another gave out."""

from datetime import datetime, timedelta
from uuid import UUID

from domains.shared.errors import Unauthenticated
from infra.postgres.database import Database
from infra.postgres.failures import passing

_ISSUE = "select directory.issue_ticket($1, $2, $3)"
_REDEEM = "select directory.redeem_ticket($1)"


class PostgresTickets:
    """The `Tickets`. Only a ticket's digest is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, digest: bytes, session: UUID, *, lifetime: timedelta) -> datetime:
        expires_at = await self._ask(_ISSUE, digest, session, lifetime)
        if not isinstance(expires_at, datetime):
            raise Unauthenticated("The session has ended.")
        return expires_at

    async def take(self, digest: bytes) -> UUID | None:
        session = await self._ask(_REDEEM, digest)
        return session if isinstance(session, UUID) else None

    async def _ask(self, statement: str, *values: object) -> object:
        try:
            async with self._database.connection() as connection:
                found: object = await connection.fetchval(statement, *values)
                return found
        except Exception as error:
            if meant := passing(error):
                raise meant from error
            raise

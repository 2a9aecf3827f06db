"""Changes of address in the directory, and the copies of the address that tenants keep."""

from datetime import timedelta
from uuid import UUID

from domains.credentials import Place, TwoAddresses
from infra.postgres.work import PostgresWork

_ASK = "select directory.ask_email_change($1, $2, $3)"
_ISSUE = "select old, new, is_taken from directory.issue_email_change($1, $2, $3)"
_HOME = "select tenant from directory.email_change_of($1)"
_AGREE = "select account, is_changed from directory.agree_to_email_change($1)"
_STOP = "select directory.stop_email_change($1)"
_PLACES = "select tenant, member, address from directory.places_of($1)"
_READDRESS = """
    update users set email = $2, version = version + 1, updated_at = greatest(updated_at, now())
    where id = $1 and email <> $2 returning true
"""


class PostgresEmailChanges:
    """The `EmailChanges`."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def ask(self, session: UUID, email: str, *, lifetime: timedelta) -> None:
        await self._work.connection.execute(_ASK, session, email, lifetime)

    async def issue(self, account: UUID, *, for_old: bytes, for_new: bytes) -> TwoAddresses | None:
        row = await self._work.connection.fetchrow(_ISSUE, account, for_old, for_new)
        return TwoAddresses(row["old"], row["new"], row["is_taken"]) if row and row["old"] else None

    async def home(self, digest: bytes) -> UUID | None:
        tenant: UUID | None = await self._work.connection.fetchval(_HOME, digest)
        return tenant

    async def agree(self, digest: bytes) -> tuple[UUID, bool] | None:
        row = await self._work.connection.fetchrow(_AGREE, digest)
        return (row["account"], row["is_changed"]) if row and row["account"] else None

    async def stop(self, digest: bytes) -> UUID | None:
        account: UUID | None = await self._work.connection.fetchval(_STOP, digest)
        return account

    async def places(self, account: UUID) -> list[Place]:
        rows = await self._work.connection.fetch(_PLACES, account)
        return [Place(row["tenant"], row["member"], row["address"]) for row in rows]

    async def readdress(self, user: UUID, email: str) -> bool:
        return bool(await self._work.connection.fetchval(_READDRESS, user, email))

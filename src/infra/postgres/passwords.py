"""Passwords and their resets in the directory, and whom a tenant's letters go to."""

from datetime import timedelta
from uuid import UUID

from domains.identity import Home, Recipient, ResetRequest
from infra.postgres.work import PostgresWork

_HOME = "select account, tenant from directory.home_of($1)"
_ADDRESS = "select directory.address_of($1)"
_IS_FRESH = "select directory.is_fresh($1, $2)"
_CHANGE = "select directory.change_password($1, $2, $3)"
_ISSUE = "select directory.issue_reset($1, $2, $3)"
_RESET_OF = "select address, tenant from directory.reset_of($1)"
_RESET = "select directory.reset_password($1, $2)"
_STOP_EMAIL_CHANGES = "select directory.stop_email_changes_of($1)"
_END_KEYS = "select directory.end_keys_of($1)"
_RECIPIENT = """
    select u.email, u.display_name, coalesce(u.preferred_language, t.locale) as language, t.name as tenant_name
    from users u join tenants t on t.tenant_id = u.tenant_id where
"""
_OF_ACCOUNT = f"{_RECIPIENT} u.account_id = $1"
_OF_USER = f"{_RECIPIENT} u.id = $1"


class PostgresPasswords:
    """The `Passwords` in the directory."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def home(self, email: str) -> Home | None:
        row = await self._work.connection.fetchrow(_HOME, email)
        return Home(row["account"], row["tenant"]) if row and row["account"] and row["tenant"] else None

    async def address(self, session: UUID) -> str | None:
        found: str | None = await self._work.connection.fetchval(_ADDRESS, session)
        return found

    async def is_fresh(self, session: UUID, *, within: timedelta) -> bool:
        return bool(await self._work.connection.fetchval(_IS_FRESH, session, within))

    async def change(self, session: UUID, *, old: str, new: str, ends_keys: bool) -> UUID | None:
        self._work.changes_access()
        account: UUID | None = await self._work.connection.fetchval(_CHANGE, session, old, new)
        if ends_keys:
            await self._work.connection.execute(_END_KEYS, account)
        return account

    async def issue_reset(self, account: UUID, *, digest: bytes, lifetime: timedelta) -> str | None:
        address: str | None = await self._work.connection.fetchval(_ISSUE, account, digest, lifetime)
        return address

    async def reset_of(self, digest: bytes) -> ResetRequest | None:
        row = await self._work.connection.fetchrow(_RESET_OF, digest)
        return ResetRequest(row["address"], row["tenant"]) if row and row["address"] else None

    async def reset(self, digest: bytes, *, new: str) -> UUID | None:
        self._work.changes_access()
        account: UUID | None = await self._work.connection.fetchval(_RESET, digest, new)
        await self._work.connection.execute(_END_KEYS, account)
        await self._work.connection.execute(_STOP_EMAIL_CHANGES, account)
        return account


class PostgresRecipients:
    """The `Recipients` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def of(self, account: UUID) -> Recipient | None:
        return await self._one(_OF_ACCOUNT, account)

    async def user(self, user: UUID) -> Recipient | None:
        return await self._one(_OF_USER, user)

    async def _one(self, query: str, wanted: UUID) -> Recipient | None:
        row = await self._work.connection.fetchrow(query, wanted)
        return Recipient(row["email"], row["display_name"], row["language"], row["tenant_name"]) if row else None

"""A tenant's own record and its users, as they join, and as they are shown to themselves."""

from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from domains.identity import AccountState, Identity, MembershipView, NewTenant, NewUser, SecondFactorState, TenantView
from domains.shared.clock import timestamp
from domains.shared.permissions import Role
from domains.shared.plans import Quota
from domains.shared.quotas import Quotas
from domains.users import account_view
from infra.postgres.users import USER, user_of
from infra.postgres.work import PostgresWork

_DEFAULT_LANGUAGE = "en"
_FOUND = """
    insert into tenants (tenant_id, slug, name, timezone, currency, locale, version, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, 1, $7, $7)
"""
_TENANT = "select tenant_id as id, slug, name, timezone, currency, locale, version, created_at, updated_at from tenants"
_JOIN = """
    insert into users (tenant_id, id, account_id, role, email, username, display_name, first_name, last_name, company,
                       title, phone, preferred_language, timezone, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
    on conflict (tenant_id, username) do nothing
    returning true
"""
_ONE = f"select {USER} from users where id = $1"  # noqa: S608 - put together from constants
_ACCOUNT = "select tenants, recovery_codes from directory.account_state($1)"


class PostgresMembers:
    """The `Members` of the tenant to which the work is bound."""

    def __init__(self, quotas: Quotas, work: PostgresWork) -> None:
        self._quotas = quotas
        self._work = work

    async def found(self, tenant: NewTenant) -> None:
        profile, language = tenant.registration.profile, tenant.registration.profile.preferred_language
        await self._work.connection.execute(
            _FOUND, tenant.id, tenant.slug, tenant.registration.tenant_name, profile.timezone, profile.currency,
            language or _DEFAULT_LANGUAGE, tenant.founded_at,
        )  # fmt: skip
        await self._work.connection.fetchval(_JOIN, tenant.id, *_owner(tenant))

    async def join(self, user: NewUser) -> None:
        """Add the user. Where the username is taken, by somebody who comes at the same time as well, try another."""
        wanted = user.profile.username
        for username in (wanted, *(f"{wanted[:29]}-{number}" for number in range(2, 6)), f"user-{user.id.hex[-12:]}"):
            if await self._work.connection.fetchval(_JOIN, self._work.tenant, *_joining(user, username)):
                await self._quotas.must_hold(Quota.USERS)
                return
        raise LookupError(user.id)

    async def identity(self, user: UUID) -> Identity:
        row = await self._work.connection.fetchrow(_ONE, user)
        if row is None:
            raise LookupError(user)
        return Identity(user=account_view(user_of(row)), tenant=await self.tenant())

    async def account(self, account: UUID) -> AccountState:
        row = await self._work.connection.fetchrow(_ACCOUNT, account)
        if row is None:
            raise LookupError(account)
        left: int | None = row["recovery_codes"]
        factor = SecondFactorState(
            enabled=left is not None,
            methods=() if left is None else ("totp", "recovery_code"),
            recovery_codes_left=left or 0,
        )
        tenants = msgspec.convert(row["tenants"] or [], tuple[MembershipView, ...])
        return AccountState(tenants=tenants, two_factor=factor)

    async def tenant(self) -> TenantView:
        [row] = await self._work.connection.fetch(_TENANT)
        return _tenant_view(row)


class PostgresTenantZone:
    """The `TenantZone` of the actor's tenant."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def zone(self) -> ZoneInfo:
        async with self._work:
            return ZoneInfo(await self._work.connection.fetchval("select timezone from tenants"))


def _owner(tenant: NewTenant) -> tuple[object, ...]:
    of, registration = tenant.registration.profile, tenant.registration
    return (
        tenant.owner, tenant.account, Role.OWNER.value, tenant.owner_email, of.username, registration.display_name,
        of.first_name, of.last_name, of.company, of.title, of.phone, of.preferred_language, of.timezone,
        tenant.founded_at,
    )  # fmt: skip


def _joining(user: NewUser, username: str) -> tuple[object, ...]:
    of = user.profile
    return (
        user.id, user.account, user.role.value, user.email, username, user.display_name, of.first_name, of.last_name,
        of.company, of.title, of.phone, of.preferred_language, of.timezone, user.joined_at,
    )  # fmt: skip


def _tenant_view(row: asyncpg.Record) -> TenantView:
    times = {"created_at": timestamp(row["created_at"]), "updated_at": timestamp(row["updated_at"])}
    return TenantView(**{**row, **times})

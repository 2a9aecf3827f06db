"""A tenant's own record and its users, by advanced-alchemy's repositories."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository

from domains.identity import (
    AccountState,
    Identity,
    MembershipView,
    NewTenant,
    NewUser,
    SecondFactorState,
    TenantView,
)
from domains.shared.clock import timestamp
from domains.shared.permissions import Role
from domains.users import account_view
from infra.postgres.tables import TenantRow, UserRow
from infra.postgres.users import USER, user_of
from infra.postgres.work import PostgresWork

_DEFAULT_LANGUAGE = "en"
_JOIN = """
    insert into users (tenant_id, id, account_id, role, email, username, display_name, first_name, last_name, company,
                       title, phone, preferred_language, timezone, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
    on conflict (tenant_id, username) do nothing
    returning true
"""

_ONE = f"select {USER} from users where id = $1"  # noqa: S608 - put together from constants
_ACCOUNT = "select tenants, recovery_codes from directory.account_state($1)"


class _Tenants(SQLAlchemyAsyncRepository[TenantRow]):
    model_type = TenantRow
    id_attribute = "tenant_id"


class _Users(SQLAlchemyAsyncRepository[UserRow]):
    model_type = UserRow


class PostgresMembers:
    """The `Members` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def found(self, tenant: NewTenant) -> None:
        tenants = _Tenants(session=self._work.session)
        await tenants.add(_tenant_row(tenant), auto_refresh=False)
        users = _Users(session=self._work.session)
        await users.add(_owner_row(tenant), auto_refresh=False)

    async def join(self, user: NewUser) -> None:
        """Add the user. Where the username is taken, by somebody who comes at the same time as well, try another."""
        wanted = user.profile.username
        for username in (wanted, *(f"{wanted[:29]}-{number}" for number in range(2, 6)), f"user-{user.id.hex[-12:]}"):
            if await self._work.connection.fetchval(_JOIN, self._work.tenant, *_joining(user, username)):
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
        tenants = _Tenants(session=self._work.session)
        return _tenant_view(await tenants.get_one(TenantRow.tenant_id == self._work.tenant))


class PostgresTenantZone:
    """The `TenantZone` of the actor's tenant."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def zone(self) -> ZoneInfo:
        async with self._work:
            return ZoneInfo(await self._work.connection.fetchval("select timezone from tenants"))


def _tenant_row(tenant: NewTenant) -> TenantRow:
    profile = tenant.registration.profile
    return TenantRow(
        tenant_id=tenant.id,
        slug=tenant.slug,
        name=tenant.registration.tenant_name,
        timezone=profile.timezone,
        currency=profile.currency,
        locale=profile.preferred_language or _DEFAULT_LANGUAGE,
        version=1,
        created_at=tenant.founded_at,
        updated_at=tenant.founded_at,
    )


def _owner_row(tenant: NewTenant) -> UserRow:
    profile = tenant.registration.profile
    return UserRow(
        tenant_id=tenant.id,
        id=tenant.owner,
        account_id=tenant.account,
        role=Role.OWNER.value,
        email=tenant.owner_email,
        username=profile.username,
        display_name=tenant.registration.display_name,
        first_name=profile.first_name,
        last_name=profile.last_name,
        company=profile.company,
        title=profile.title,
        phone=profile.phone,
        preferred_language=profile.preferred_language,
        timezone=profile.timezone,
        version=1,
        created_at=tenant.founded_at,
        updated_at=tenant.founded_at,
    )


def _joining(user: NewUser, username: str) -> tuple[object, ...]:
    of = user.profile
    return (
        user.id, user.account, user.role.value, user.email, username, user.display_name, of.first_name, of.last_name,
        of.company, of.title, of.phone, of.preferred_language, of.timezone, user.joined_at,
    )  # fmt: skip


def _tenant_view(row: TenantRow) -> TenantView:
    return TenantView(
        id=row.tenant_id,
        slug=row.slug,
        name=row.name,
        timezone=row.timezone,
        currency=row.currency,
        locale=row.locale,
        version=row.version,
        **_times(row.created_at, row.updated_at),
    )


def _times(created_at: datetime, updated_at: datetime) -> dict[str, str]:
    return {"created_at": timestamp(created_at), "updated_at": timestamp(updated_at)}

"""A tenant's own record in Postgres, and its line in the directory."""

import msgspec

from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, NotFound
from domains.shared.permissions import Permission
from domains.tenants import Tenant, TenantProfile
from infra.postgres.work import PostgresWork

_FIELDS = (
    "slug, name, address, phone, email, timezone, currency, locale, opening_hours, tax_rates, numbering,"
    " documents, logo, invoicing, registration, email_domains, deletes_at, version, created_at, updated_at"
)
_ONE = f"select tenant_id as id, {_FIELDS} from tenants"  # noqa: S608 - put together from constants
_FOR_CHANGE = f"{_ONE} for no key update"
_UPDATE = """
    update tenants
    set slug = $1, name = $2, address = $3, phone = $4, email = $5, timezone = $6, currency = $7, locale = $8,
        opening_hours = $9, tax_rates = $10, numbering = $11, documents = $12, logo = $13, registration = $14,
        email_domains = $15, deletes_at = $16, invoicing = $17, version = $18, updated_at = $19
"""
_LOGO = "select logo_png from tenants"
_SAVE_LOGO = "update tenants set logo_png = $1"
_PRESENT = "select directory.present_tenant($1, $2, $3, $4)"


class PostgresTenants:
    """The `Tenants` of the work."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def for_change(self) -> Tenant:
        return await _found(self._work, _FOR_CHANGE)

    async def save(self, tenant: Tenant) -> None:
        connection, policy = self._work.connection, tenant.registration.value
        if not await connection.fetchval(_PRESENT, tenant.slug, tenant.name, policy, tenant.email_domains):
            raise AlreadyExists("Another tenant has this slug, or gave it up not long ago.")
        await connection.execute(_UPDATE, *_content(tenant), tenant.version, tenant.updated_at)

    async def logo(self) -> bytes | None:
        found: bytes | None = await self._work.connection.fetchval(_LOGO)
        return found

    async def save_logo(self, png: bytes | None) -> None:
        await self._work.connection.execute(_SAVE_LOGO, png)


class PostgresTenantQueries:
    """The `TenantQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def profile(self) -> TenantProfile:
        self._actor.must(Permission.TENANT_READ)
        async with self._work:
            return TenantProfile.of(await _found(self._work, _ONE))


async def _found(work: PostgresWork, query: str) -> Tenant:
    row = await work.connection.fetchrow(query)
    if row is None:
        raise NotFound.one("tenant")
    return msgspec.convert(dict(row), Tenant)


def _content(tenant: Tenant) -> tuple[object, ...]:
    return (
        tenant.slug,
        tenant.name,
        _json(tenant.address),
        tenant.phone,
        tenant.email,
        tenant.timezone,
        tenant.currency,
        tenant.locale,
        _json(tenant.opening_hours),
        _json(tenant.tax_rates),
        _json(tenant.numbering),
        _json(tenant.documents),
        _json(tenant.logo) if tenant.logo else None,
        tenant.registration.value,
        tenant.email_domains,
        tenant.deletes_at,
        _json(tenant.invoicing),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()

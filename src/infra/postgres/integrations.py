"""Connections to vendors in Postgres: their secrets are locked before they are stored."""

from uuid import UUID

import asyncpg
import msgspec

from domains.shared.vault import Place, Vault
from domains.tenants import Provider, TenantIntegration
from infra.postgres.work import PostgresWork

_COLUMN = "tenant_integrations.secrets"
_FIELDS = (
    "provider, enabled, settings, secrets, check_status, check_detail, checked_at, version, created_at, updated_at"
)
_ONE = f"select {_FIELDS} from tenant_integrations where provider = $1"  # noqa: S608 - put together from constants
_FOR_CHANGE = f"{_ONE} for no key update"
_OF_THE_TENANT = "select from tenants for no key update"
_SAVE = """
    insert into tenant_integrations
        (tenant_id, provider, enabled, settings, secrets, locked_with, version, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (tenant_id, provider) do update
    set enabled = excluded.enabled, settings = excluded.settings, secrets = excluded.secrets,
        locked_with = excluded.locked_with, version = excluded.version, updated_at = excluded.updated_at,
        check_status = null, check_detail = null, checked_at = null
"""
_NOTE_CHECK = """
    update tenant_integrations set check_status = $3, check_detail = $4, checked_at = $5
    where provider = $1 and version = $2
"""
_REMOVE = "delete from tenant_integrations where provider = $1"
_OLDER = "select provider, secrets from tenant_integrations where locked_with <> $1 order by provider for no key update"
_LOCKED_ANEW = "update tenant_integrations set secrets = $2, locked_with = $3 where provider = $1"


class PostgresIntegrations:
    """The `Integrations` of the work."""

    def __init__(self, work: PostgresWork, vault: Vault) -> None:
        self._work = work
        self._vault = vault

    async def find(self, provider: Provider) -> TenantIntegration | None:
        return self._opened(await self._work.connection.fetchrow(_ONE, provider.value))

    async def for_change(self, provider: Provider) -> TenantIntegration | None:
        """The tenant's row is locked first, so that two do not make the same one."""
        await self._work.connection.execute(_OF_THE_TENANT)
        return self._opened(await self._work.connection.fetchrow(_FOR_CHANGE, provider.value))

    async def save(self, integration: TenantIntegration) -> None:
        locked = self._vault.lock(msgspec.json.encode(integration.secrets), self._place(integration.provider))
        await self._work.connection.execute(
            _SAVE,
            self._work.tenant,
            integration.provider.value,
            integration.enabled,
            msgspec.json.encode(integration.settings).decode(),
            locked,
            self._vault.key,
            integration.version,
            integration.created_at,
            integration.updated_at,
        )

    async def note_check(self, integration: TenantIntegration) -> None:
        status = integration.check_status.value if integration.check_status else None
        await self._work.connection.execute(
            _NOTE_CHECK,
            integration.provider.value,
            integration.version,
            status,
            integration.check_detail,
            integration.checked_at,
        )

    async def remove(self, provider: Provider) -> None:
        await self._work.connection.execute(_REMOVE, provider.value)

    async def lock_anew(self) -> int:
        """Lock with the newest key what was locked with older ones, and say how much. Raises `Unreadable`."""
        rows = await self._work.connection.fetch(_OLDER, self._vault.key)
        for row in rows:
            place = self._place(Provider(row["provider"]))
            locked = self._vault.lock(self._vault.open(row["secrets"], place), place)
            await self._work.connection.execute(_LOCKED_ANEW, row["provider"], locked, self._vault.key)
        return len(rows)

    def _opened(self, row: asyncpg.Record | None) -> TenantIntegration | None:
        if row is None:
            return None
        secrets = self._vault.open(row["secrets"], self._place(Provider(row["provider"])))
        return msgspec.convert({**dict(row), "secrets": msgspec.json.decode(secrets)}, TenantIntegration)

    def _place(self, provider: Provider) -> Place:
        return place_of(self._work.tenant, provider)


def place_of(tenant: UUID, provider: Provider) -> Place:
    """Where a connection's secrets belong."""
    return Place(tenant, _COLUMN, provider.value)

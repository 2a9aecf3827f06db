"""Features in Postgres."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.clock import Clock
from domains.tenants import Feature, TenantFeatures
from infra.postgres.work import PostgresWork

_FIND = "select flags, version, updated_at from tenant_features"
_OF_THE_TENANT = "select from tenants for no key update"
_SAVE = """
    insert into tenant_features (tenant_id, flags, version, updated_at) values ($1, $2, $3, $4)
    on conflict (tenant_id) do update
    set flags = excluded.flags, version = excluded.version, updated_at = excluded.updated_at
"""
_EXPOSED = """
    insert into feature_exposures (tenant_id, feature, user_id, variant, first_seen_at) values ($1, $2, $3, $4, $5)
    on conflict do nothing
"""


class PostgresFeatures:
    """The `FeatureStore` of the work."""

    def __init__(self, work: PostgresWork, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def find(self) -> TenantFeatures:
        return self._features(await self._work.connection.fetchrow(_FIND))

    async def for_change(self) -> TenantFeatures:
        """The tenant's row is locked: that of its features may not be there yet."""
        await self._work.connection.execute(_OF_THE_TENANT)
        return await self.find()

    async def save(self, features: TenantFeatures) -> None:
        flags = msgspec.json.encode(features.flags).decode()
        await self._work.connection.execute(_SAVE, self._work.tenant, flags, features.version, features.updated_at)

    async def note_exposure(self, feature: Feature, user: UUID, variant: str, *, at: datetime) -> None:
        await self._work.connection.execute(_EXPOSED, self._work.tenant, feature.value, user, variant, at)

    def _features(self, row: asyncpg.Record | None) -> TenantFeatures:
        if row is None:
            return TenantFeatures(updated_at=self._clock.now())
        return msgspec.convert(dict(row), TenantFeatures)

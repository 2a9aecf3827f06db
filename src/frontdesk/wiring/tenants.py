"""Tenants' parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.tenants import ProfileKeeping, TenantQueries, Tenants
from infra.postgres.tenants import PostgresTenantQueries, PostgresTenants


class TenantsParts(Provider):
    """The tenant's own record."""

    scope = Scope.REQUEST

    tenants = provide(PostgresTenants, provides=Tenants)
    queries = provide(PostgresTenantQueries, provides=TenantQueries)

    profile_keeping = provide(ProfileKeeping)

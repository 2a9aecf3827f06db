"""Tenants' parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.tenants import Connecting, Integrations, ProfileKeeping, Showing, TenantQueries, Tenants
from infra.postgres.integrations import PostgresIntegrations
from infra.postgres.tenants import PostgresTenantQueries, PostgresTenants


class TenantsParts(Provider):
    """The tenant's own record, and what it connects to."""

    scope = Scope.REQUEST

    tenants = provide(PostgresTenants, provides=Tenants)
    queries = provide(PostgresTenantQueries, provides=TenantQueries)
    integrations = provide(PostgresIntegrations, provides=Integrations)

    connecting = provide(Connecting)
    profile_keeping = provide(ProfileKeeping)
    showing = provide(Showing)

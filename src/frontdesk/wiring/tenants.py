"""Tenants' parts of a request or an envelope."""

from dishka import AnyOf, Provider, Scope, provide

from api.integrations import Connected, IntegrationViews
from domains.jobs import Files
from domains.shared.clock import Clock
from domains.shared.quotas import Quotas
from domains.tenants import (
    Closing,
    ClosingLetters,
    Connecting,
    Ending,
    Features,
    FeatureStore,
    Integrations,
    LogoKeeping,
    NextVersion,
    Operating,
    Pictures,
    ProfileKeeping,
    Purging,
    Remains,
    Showing,
    Switching,
    TenantLines,
    TenantQueries,
    Tenants,
    UsageQueries,
)
from infra.files.pictures import PillowPictures
from infra.metrics.instruments import Instruments
from infra.postgres.ending import PostgresEnding, PostgresRemains
from infra.postgres.features import PostgresFeatures
from infra.postgres.integrations import PostgresIntegrations
from infra.postgres.letters import PostgresLetterBook
from infra.postgres.tenant_lines import PostgresTenantLines
from infra.postgres.tenants import PostgresTenantQueries, PostgresTenants
from infra.postgres.usage import FarOff, PostgresQuotas, PostgresUsageQueries
from infra.postgres.work import PostgresWork


class TenantsParts(Provider):
    """The tenant's own record, and what it connects to."""

    scope = Scope.REQUEST

    tenants = provide(PostgresTenants, provides=Tenants)
    queries = provide(PostgresTenantQueries, provides=TenantQueries)
    integrations = provide(PostgresIntegrations, provides=AnyOf[PostgresIntegrations, Integrations])
    integration_views = provide(IntegrationViews)
    connected = provide(Connected)
    feature_store = provide(PostgresFeatures, provides=FeatureStore)
    lines = provide(PostgresTenantLines, provides=TenantLines)

    ending = provide(PostgresEnding, provides=Ending)
    remains = provide(PostgresRemains, provides=Remains)

    usage = provide(PostgresUsageQueries, provides=UsageQueries)

    pictures = provide(PillowPictures, provides=Pictures, scope=Scope.APP)

    @provide(scope=Scope.APP)
    def far_off(self, instruments: Instruments) -> FarOff:
        return FarOff(instruments.count_quota_refusal)

    quotas = provide(PostgresQuotas, provides=Quotas)

    @provide
    def purging(self, remains: Remains, files: Files, clock: Clock, work: PostgresWork) -> Purging:
        """Its letters are written down in its own work, not after it."""
        return Purging(remains, files, PostgresLetterBook(work), clock, work)

    closing = provide(Closing)
    closing_letters = provide(ClosingLetters)
    features = provide(Features)
    operating = provide(Operating)
    connecting = provide(Connecting)
    logo_keeping = provide(LogoKeeping)
    next_version = provide(NextVersion)
    profile_keeping = provide(ProfileKeeping)
    showing = provide(Showing)
    switching = provide(Switching)

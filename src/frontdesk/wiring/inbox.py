"""The inbox's parts of a request or an envelope. Domains that hear providers add theirs to the two tables."""

from collections.abc import Mapping

from dishka import Provider, Scope, provide

from domains.inbox import Applier, Appliers, Applying, Arrivals, InboundProviders, Inbox, Receiving, Replaying, Routes
from domains.payments import PROVIDER, ProviderApplier
from infra.postgres.inbox import PostgresInbox
from infra.postgres.routes import PostgresRoutes


class AppliersByName:
    """The `Appliers` of a table."""

    def __init__(self, appliers: Mapping[str, Applier]) -> None:
        self._appliers = appliers

    def of(self, provider: str) -> Applier:
        return self._appliers[provider]


class InboxParts(Provider):
    """Taking in what providers send, and applying it."""

    scope = Scope.REQUEST

    inbox = provide(PostgresInbox, provides=Inbox)
    routes = provide(PostgresRoutes, provides=Routes)

    receiving = provide(Receiving)
    applying = provide(Applying)
    arrivals = provide(Arrivals)
    replaying = provide(Replaying)

    @provide
    def providers(self) -> InboundProviders:
        return {}

    @provide
    def appliers(self, stripe: ProviderApplier) -> Appliers:
        return AppliersByName({PROVIDER: stripe})

"""Taking in what the provider sends: proven by the business's own secret or by the platform's, and kept."""

from uuid import UUID, uuid5

from domains.inbox import Incoming, Receiving, Route, Routes
from domains.payments.news import INTENT_ROUTE
from domains.payments.provider import ProviderAccounts, ProviderEvent
from domains.payments.proving import Proving
from domains.shared.work import UnitOfWork

PROVIDER = "stripe"
PLATFORM = uuid5(UUID(int=0), "stripe.com")
"""The integration of what the platform's own account was told. That of a business's account is the tenant's id."""


class Hearing:
    """Hears the provider. What is kept is applied by a worker."""

    def __init__(
        self, accounts: ProviderAccounts, proving: Proving, routes: Routes, receiving: Receiving, work: UnitOfWork
    ) -> None:
        self.accounts = accounts
        self.proving = proving
        self.routes = routes
        self.receiving = receiving
        self.work = work

    async def from_business(self, tenant: UUID, incoming: Incoming) -> None:
        """Keep what a business's own account was told.

        - The signature is by that account's secret, and five minutes old at most, else `Unauthenticated`: so is an
          event that names what is another business's, and one of test mode at a live account or the reverse.
        """
        async with self.work.within(tenant):
            account = await self.accounts.own()
        event = await self.proving.of_business(tenant, incoming, account)
        await self.receiving.keep(Route(tenant, tenant), PROVIDER, event.id, incoming.body)

    async def from_platform(self, incoming: Incoming) -> None:
        """Keep what the platform's account was told, for the business that it is about.

        - The signature is by the platform's secret, and five minutes old at most, else `Unauthenticated`.
        - What is about no business of ours is taken, and does nothing.
        """
        event = self.proving.of_platform(incoming, self.accounts.platform())
        route = await self._of_platform(event)
        if route is not None:
            await self.receiving.keep(route, PROVIDER, event.id, incoming.body)

    async def again(self, tenant: UUID, body: bytes, *, own: bool) -> bool:
        """Keep an event that the provider lists: whether it is `tenant`'s, and was not there."""
        event = self.proving.read(body)
        if own:
            if event.tenant not in {None, tenant}:
                return False
            return await self.receiving.keep(Route(tenant, tenant), PROVIDER, event.id, body)
        route = await self._of_platform(event)
        if route is None or route.tenant != tenant:
            return False
        return await self.receiving.keep(route, PROVIDER, event.id, body)

    async def _of_platform(self, event: ProviderEvent) -> Route | None:
        """The business of an event: of its intent, once that is known, else the one that we named when we made it."""
        if event.intent_id is not None:
            async with self.work.within(None):
                known = await self.routes.find(INTENT_ROUTE, event.intent_id)
            if known is not None:
                return Route(known.tenant, PLATFORM)
        if event.tenant is None:
            return None
        async with self.work.within(event.tenant):
            is_of_ours = await self.accounts.is_of_ours()
        return Route(event.tenant, PLATFORM) if is_of_ours else None

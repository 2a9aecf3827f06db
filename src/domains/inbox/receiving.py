"""Taking in what providers send."""

from domains.inbox.applying import APPLY_DELIVERY, FORGET_DELIVERY
from domains.inbox.model import KEPT, MOST_EVENT_ID, Delivery, Incoming, Route
from domains.inbox.ports import InboundProviders, Inbox, Routes
from domains.shared.clock import Clock
from domains.shared.errors import Unauthenticated, ValidationFailed
from domains.shared.ids import new_id
from domains.shared.work import UnitOfWork


class Receiving:
    """Proves, keeps and answers: what it means is found out after the commit."""

    def __init__(
        self, routes: Routes, providers: InboundProviders, inbox: Inbox, clock: Clock, work: UnitOfWork
    ) -> None:
        self.routes = routes
        self.providers = providers
        self.inbox = inbox
        self.clock = clock
        self.work = work

    async def receive(self, incoming: Incoming) -> None:
        """Keep one event, once: the same event of the same integration again is taken, and does nothing.

        - A key that leads nowhere and a wrong signature are the same answer, `Unauthenticated`, and leave nothing.
        - It is kept as it came, for 35 days, whatever its type.
        """
        async with self.work.within(None):
            route = await self.routes.find(f"webhook:{incoming.provider}", incoming.key)
        if route is None:
            raise Unauthenticated("The signature is not valid.")
        event_id = await self.providers[incoming.provider].authenticate(incoming, route)
        await self.keep(route, incoming.provider, event_id, incoming.body)

    async def keep(self, route: Route, provider: str, event_id: str, body: bytes) -> bool:
        """Keep one event that is proven; whether it was not there."""
        if not 1 <= len(event_id) <= MOST_EVENT_ID or "\x00" in event_id:
            raise ValidationFailed.of("id", "invalid_format", f"Expected an id of 1 to {MOST_EVENT_ID} characters.")
        delivery = Delivery(
            id=new_id(), integration=route.subject, provider=provider, event_id=event_id, body=body,
            received_at=self.clock.now(),
        )  # fmt: skip
        async with self.work.within(route.tenant):
            if not await self.inbox.keep(delivery):
                return False
            self.work.later(APPLY_DELIVERY, delivery.id, at=delivery.received_at)
            self.work.later(FORGET_DELIVERY, delivery.id, at=delivery.received_at + KEPT)
            return True

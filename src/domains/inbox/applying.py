"""Doing what providers have told, once, and in any order."""

from uuid import UUID

from domains.inbox.model import Delivery, DeliveryState, NotYet
from domains.inbox.ports import Appliers, Inbox
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import Conflict, NotFound
from domains.shared.work import UnitOfWork

APPLY_DELIVERY = "inbox.apply"
FORGET_DELIVERY = "inbox.forget"


class Applying:
    """The effect of a delivery, and that it has had its effect, are one commit."""

    def __init__(self, inbox: Inbox, appliers: Appliers, clock: Clock, work: UnitOfWork) -> None:
        self.inbox = inbox
        self.appliers = appliers
        self.clock = clock
        self.work = work

    async def apply(self, delivery_id: UUID) -> None:
        """Apply one delivery, unless that was done. What it is about may come later: it is tried for three days."""
        async with self.work:
            delivery = await self.inbox.for_change(delivery_id)
            if delivery is None or delivery.state is DeliveryState.APPLIED:
                return
            try:
                await self.appliers.of(delivery.provider).apply(delivery)
            except NotYet as missing:
                await self._wait(delivery, missing.waits_for)
            else:
                await self.inbox.applied(delivery_id, now=self.clock.now())

    async def forget(self, delivery_id: UUID) -> None:
        """Remove it: its time is over."""
        async with self.work:
            await self.inbox.forget(delivery_id)

    async def _wait(self, delivery: Delivery, waits_for: str) -> None:
        if at := delivery.next_try(self.clock.now()):
            await self.inbox.put_off(delivery.id, waits_for=waits_for)
            self.work.later(APPLY_DELIVERY, delivery.id, at=at)
        else:
            await self.inbox.strand(delivery.id, waits_for=waits_for)


class Arrivals:
    """Has deliveries applied that came before what they are about."""

    def __init__(self, inbox: Inbox, clock: Clock, work: UnitOfWork) -> None:
        self.inbox = inbox
        self.clock = clock
        self.work = work

    async def tell(self, name: str) -> None:
        """Say, inside the work that stores it, that `name` is here now."""
        for delivery_id in await self.inbox.waiting_for(name):
            self.work.later(APPLY_DELIVERY, delivery_id, at=self.clock.now())


class Replaying:
    """An operator has a delivery applied, at the command line."""

    def __init__(self, inbox: Inbox, clock: Clock, work: UnitOfWork) -> None:
        self.inbox = inbox
        self.clock = clock
        self.work = work

    async def replay(self, delivery_id: UUID, *, again: bool) -> None:
        """Apply it as if it had just come. One that was applied is `Conflict`, unless it is wanted `again`."""
        async with self.work:
            delivery = await self.inbox.for_change(delivery_id)
            if delivery is None:
                raise NotFound.one("delivery")
            if delivery.state is DeliveryState.APPLIED and not again:
                raise Conflict("It was applied.")
            await self.inbox.take_up(delivery_id)
            self.work.later(APPLY_DELIVERY, delivery_id, at=self.clock.now())
            self.work.note(Note(action="webhook.replayed", subject=delivery_id))

"""Proving what the provider sends: signed by an account, which speaks for itself only."""

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domains.inbox import Incoming, Routes
from domains.payments.news import INTENT_ROUTE
from domains.payments.provider import EventReader, ProviderAccount, ProviderEvent
from domains.shared.audit import Note
from domains.shared.errors import Unauthenticated
from domains.shared.work import UnitOfWork

SIGNATURE = "stripe-signature"


class Suspicion(StrEnum):
    """Why an event is refused although its account has signed it."""

    ANOTHER_BUSINESS = "another_business"
    ANOTHER_MODE = "another_mode"

    @property
    def is_foreign(self) -> bool:
        return self is Suspicion.ANOTHER_BUSINESS


class EventWatch(Protocol):
    """Hears of events that are refused although they are signed."""

    def refused(self, suspicion: Suspicion) -> None: ...


class Proving:
    """A step of others: reads an event once it is proven. Whatever is not is `Unauthenticated`, all alike."""

    def __init__(self, reader: EventReader, routes: Routes, watch: EventWatch, work: UnitOfWork) -> None:
        self.reader = reader
        self.routes = routes
        self.watch = watch
        self.work = work

    async def of_business(self, tenant: UUID, incoming: Incoming, account: ProviderAccount | None) -> ProviderEvent:
        """One of a business's own account. What it tells of another business's is noted, and raises an alert."""
        event = self._signed(incoming, account)
        if event.tenant not in {None, tenant} or await self._is_platforms(event):
            async with self.work.within(tenant):
                facts = {"provider": incoming.provider, "reason": Suspicion.ANOTHER_BUSINESS.value}
                self.work.note(Note(action="webhook.refused", facts=facts))
            self.watch.refused(Suspicion.ANOTHER_BUSINESS)
            raise refusal()
        return event

    def of_platform(self, incoming: Incoming, account: ProviderAccount | None) -> ProviderEvent:
        """One of the platform's account."""
        return self._signed(incoming, account)

    def read(self, body: bytes) -> ProviderEvent:
        """One that the provider itself lists, to whom has its key."""
        return self.reader.read(body)

    def _signed(self, incoming: Incoming, account: ProviderAccount | None) -> ProviderEvent:
        if account is None:
            raise refusal()
        self.reader.must_be_signed(incoming.body, incoming.headers.get(SIGNATURE), account)
        event = self.reader.read(incoming.body)
        if event.is_live is not account.is_live:
            self.watch.refused(Suspicion.ANOTHER_MODE)
            raise refusal()
        return event

    async def _is_platforms(self, event: ProviderEvent) -> bool:
        """Whether its intent was made by the platform's account, for whichever business."""
        if event.intent_id is None:
            return False
        async with self.work.within(None):
            return await self.routes.find(INTENT_ROUTE, event.intent_id) is not None


def refusal() -> Unauthenticated:
    return Unauthenticated("The signature is not valid.")

"""Forgetting registrations that nobody confirmed."""

from datetime import timedelta
from uuid import UUID

from domains.identity.ports import Registrations
from domains.shared.work import UnitOfWork

FORGET_REGISTRATION = "identity.forget_registration"
KEPT_UNCONFIRMED = timedelta(days=7)


class Forgetting:
    """Removes what people left behind when they did not come back."""

    def __init__(self, registrations: Registrations, work: UnitOfWork) -> None:
        self.registrations = registrations
        self.work = work

    async def forget(self, registration: UUID) -> None:
        """Remove a registration, unless it was confirmed and is gone already."""
        async with self.work:
            await self.registrations.forget(registration)

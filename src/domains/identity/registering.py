"""Registering: a business and its owner, from the first form to the confirmed address."""

from domains.identity.events import CodeWanted
from domains.identity.forgetting import FORGET_REGISTRATION, KEPT_UNCONFIRMED
from domains.identity.model import (
    Register,
    Registration,
    ResendVerification,
)
from domains.identity.ports import Attempts, PasswordHasher, Registrations
from domains.identity.views import VerificationRequired
from domains.shared.clock import Clock
from domains.shared.contact import EmailAddress
from domains.shared.errors import Forbidden
from domains.shared.ids import new_id
from domains.shared.work import UnitOfWork


class Registering:
    """Takes registrations. Its answers do not tell whether an address has an account already."""

    def __init__(
        self, registrations: Registrations, hasher: PasswordHasher, attempts: Attempts, clock: Clock, work: UnitOfWork
    ) -> None:
        self.registrations = registrations
        self.hasher = hasher
        self.attempts = attempts
        self.clock = clock
        self.work = work

    async def start(self, order: Register) -> VerificationRequired:
        """Register a business and its owner; a code of six digits is mailed.

        - The password has 8 to 128 characters, among them upper and lower case and a digit.
        - What nobody confirms within 7 days is forgotten.
        - With `tenantSlug`, one becomes a member of that tenant, if it is open to all or to the address's domain,
          else it is `forbidden`, whether there is such a tenant or not.
        - A known address gets the same answer, and a letter that says so.
        - An address gets 5 letters an hour; beyond that, the same answer and no letter.
        """
        registration = Registration.start(order, now=self.clock.now())
        await self._must_be_admitted(registration)
        password_hash = await self.hasher.hash(order.password)
        async with self.work.within(registration.tenant):
            allowance = await self.attempts.code_mail(registration.email)
            await self.registrations.add(registration, password_hash=password_hash)
            if allowance.granted:
                self.work.record(CodeWanted(subject=registration.id))
            self.work.later(FORGET_REGISTRATION, registration.id, at=registration.started_at + KEPT_UNCONFIRMED)
        return VerificationRequired()

    async def resend(self, order: ResendVerification) -> VerificationRequired:
        """Mail a new code; the old one is dead.

        An address that waits for none, or has had 5 letters within the hour, gets the same answer and no mail.
        """
        email = EmailAddress.parse(order.email, "email").value
        async with self.work:
            allowance = await self.attempts.code_mail(email)
            found = await self.registrations.latest(email)
        registration, tenant = found or (new_id(), new_id())
        if allowance.granted:
            async with self.work.within(tenant):
                self.work.record(CodeWanted(subject=registration))
        return VerificationRequired()

    async def _must_be_admitted(self, registration: Registration) -> None:
        if registration.joins is None:
            return
        async with self.work.within(None):
            tenant = await self.registrations.admitted_to(registration.email, registration.joins)
        if tenant is None:
            raise Forbidden("This business admits nobody who registers with this address. Ask for an invitation.")

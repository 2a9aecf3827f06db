"""Registering: a business and its owner, from the first form to the confirmed address."""

from domains.identity.attempts import refused
from domains.identity.events import CodeWanted, TenantFounded
from domains.identity.forgetting import FORGET_REGISTRATION, KEPT_UNCONFIRMED
from domains.identity.model import (
    ConfirmedRegistration,
    NewTenant,
    Register,
    Registration,
    ResendVerification,
    VerifyEmail,
    slugs_for,
)
from domains.identity.ports import Attempts, Members, PasswordHasher, Registrations
from domains.identity.proofs import CodeCheck
from domains.identity.views import VerificationRequired
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.contact import EmailAddress
from domains.shared.errors import InvalidCode
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
        - A known address gets the same answer, and a letter that says so.
        - An address gets 5 letters an hour; beyond that, the same answer and no letter.
        """
        registration = Registration.start(order, now=self.clock.now())
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


class Confirming:
    """Turns a registration into a tenant when its code is given."""

    def __init__(
        self, check: CodeCheck, registrations: Registrations, members: Members, clock: Clock, work: UnitOfWork
    ) -> None:
        self.check = check
        self.registrations = registrations
        self.members = members
        self.clock = clock
        self.work = work

    async def confirm(self, order: VerifyEmail) -> NewTenant:
        """Confirm the address with the mailed code.

        - The code is checked as `CodeCheck` says.
        - The tenant, its owner and the account come into being together, once.
        """
        try:
            return await self._confirmed(order)
        except InvalidCode:
            async with self.work.within(None):
                self.work.note(refused("code.refused", order.email))
            raise

    async def _confirmed(self, order: VerifyEmail) -> NewTenant:
        email = EmailAddress.parse(order.email, "email").value
        found = await self.check.passed(email, order.code)
        return await self._found(found, self.check.digest(order.code))

    async def _found(self, confirmed: ConfirmedRegistration, digest: bytes) -> NewTenant:
        account, owner, now = new_id(), new_id(), self.clock.now()
        slugs = slugs_for(confirmed.tenant_name, confirmed.tenant)
        async with self.work.within(confirmed.tenant):
            completed = await self.registrations.complete(
                confirmed, digest=digest, account=account, owner=owner, slugs=slugs, now=now
            )
            if completed is None:
                raise InvalidCode("The code is wrong, used or too old.")
            tenant = NewTenant(
                id=confirmed.tenant,
                slug=completed.slug,
                owner=owner,
                account=account,
                owner_email=completed.email,
                registration=confirmed,
                founded_at=now,
            )
            await self.members.found(tenant)
            self.work.record(TenantFounded(subject=tenant.id))
            self.work.note(Note(action="registration.confirmed", subject=tenant.id, actor=owner))
        return tenant

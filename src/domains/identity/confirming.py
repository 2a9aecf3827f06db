"""Confirming a registration: it becomes a tenant with its owner, or a member of a tenant that is there."""

from datetime import datetime

from domains.identity.attempts import refused
from domains.identity.events import MemberJoined, TenantFounded
from domains.identity.model import (
    Admission,
    ConfirmedRegistration,
    NewTenant,
    NewUser,
    VerifyEmail,
)
from domains.identity.naming import slugs_for
from domains.identity.ports import Members, Registrations
from domains.identity.registration_proof import RegistrationCheck
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.contact import EmailAddress
from domains.shared.errors import InvalidCode, InvalidCredentials
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.work import UnitOfWork

_NOT_GOOD = "The code is wrong, used or too old."


class Confirming:
    """Turns a registration into what it was for when its code is given."""

    def __init__(
        self, check: RegistrationCheck, registrations: Registrations, members: Members, clock: Clock, work: UnitOfWork
    ) -> None:
        self.check = check
        self.registrations = registrations
        self.members = members
        self.clock = clock
        self.work = work

    async def confirm(self, order: VerifyEmail) -> Admission:
        """Confirm the address with the mailed code.

        - The code is checked as `RegistrationCheck` says.
        - The tenant, its owner and the account come into being together, once. Whoever joins a tenant becomes its
          member, if it still admits the address.
        """
        try:
            return await self._confirmed(order)
        except (InvalidCode, InvalidCredentials):
            async with self.work.within(None):
                self.work.note(refused("code.refused", order.email))
            raise

    async def _confirmed(self, order: VerifyEmail) -> Admission:
        email = EmailAddress.parse(order.email, "email").value
        found, joins = await self.check.passed(email, order.code, order.password)
        digest = self.check.digest(order.code)
        return await (self._founded(found, digest) if joins is None else self._joined(found, digest, email, joins))

    async def _founded(self, confirmed: ConfirmedRegistration, digest: bytes) -> Admission:
        account, owner, now = new_id(), new_id(), self.clock.now()
        slugs = slugs_for(confirmed.tenant_name, confirmed.tenant)
        async with self.work.within(confirmed.tenant):
            completed = await self.registrations.complete(
                confirmed, digest=digest, account=account, owner=owner, slugs=slugs, now=now
            )
            if completed is None:
                raise InvalidCode(_NOT_GOOD)
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
        return Admission(tenant=tenant.id, slug=tenant.slug, email=completed.email, account=account, user=owner)

    async def _joined(self, confirmed: ConfirmedRegistration, digest: bytes, email: str, slug: str) -> Admission:
        user = _user_of(confirmed, email, self.clock.now())
        async with self.work.within(None):
            tenant = await self.registrations.admitted_to(email, slug)
        if tenant is None:
            raise InvalidCode(_NOT_GOOD)
        async with self.work.within(tenant):
            if not await self.registrations.complete_joining(confirmed, user, digest=digest):
                raise InvalidCode(_NOT_GOOD)
            await self.members.join(user)
            self.work.record(MemberJoined(subject=user.id))
            self.work.note(Note(action="registration.confirmed", subject=user.id, actor=user.id))
        return Admission(tenant=tenant, slug=slug, email=email, account=user.account, user=user.id)


def _user_of(confirmed: ConfirmedRegistration, email: str, now: datetime) -> NewUser:
    return NewUser(
        id=new_id(),
        account=new_id(),
        role=Role.MEMBER,
        email=email,
        display_name=confirmed.display_name,
        profile=confirmed.profile,
        joined_at=now,
    )

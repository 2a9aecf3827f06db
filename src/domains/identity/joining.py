"""Becoming a user of a further tenant: one that is there, or a new one."""

from typing import Protocol
from uuid import UUID

import msgspec

from domains.identity.events import MemberJoined, TenantFounded
from domains.identity.model import ConfirmedRegistration, NewTenant, NewUser, Profile, Slug, TenantName
from domains.identity.naming import slugs_for
from domains.identity.ports import Members, Registrations
from domains.identity.views import Identity, MembershipView, TenantView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import AlreadyExists, Forbidden
from domains.shared.fields import trimmed
from domains.shared.idempotency import idempotent
from domains.shared.ids import new_id
from domains.shared.permissions import Permission, Role
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork


class JoinTenant(Command, frozen=True):
    """The slug of a tenant that is there."""

    tenant_slug: Slug


class FoundTenant(Command, frozen=True):
    """The name of a new tenant."""

    name: TenantName


class Reservation(msgspec.Struct, frozen=True):
    """The id of a tenant that is about to be founded, and who its owner is elsewhere."""

    tenant: UUID
    here: Identity


class Memberships(Protocol):
    """To which tenants the person of a session belongs, as the directory has it."""

    async def join(self, session: UUID, *, slug: str, user: UUID) -> bool:
        """Make the person a member, where the tenant admits the address. False where it is a user already."""
        ...

    async def found(self, session: UUID, *, tenant: UUID, owner: UUID, name: str, slugs: list[str]) -> str | None:
        """Make a tenant that the person owns: the slug it got. None where the tenant is there already."""
        ...


class Joining:
    """Lets people into tenants that admit them."""

    def __init__(
        self,
        actor: Actor,
        registrations: Registrations,
        memberships: Memberships,
        members: Members,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.registrations = registrations
        self.memberships = memberships
        self.members = members
        self.clock = clock
        self.work = work

    async def join(self, order: JoinTenant) -> MembershipView:
        """Become a member of a further tenant. `POST /auth/switch-tenant` leads there.

        - The tenant is open to all, or to the domain of one's address, else it is `forbidden`, whether there is such a
          tenant or not. Who belongs to it already gets `already_exists`.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        async with self.work:
            here = await self.members.identity(self.actor.user)
            tenant = await self.registrations.admitted_to(here.user.email, order.tenant_slug)
        if tenant is None:
            raise Forbidden("This business admits nobody with this address. Ask for an invitation.")
        user = self._user(here)
        async with self.work.within(tenant):
            if not await self.memberships.join(self.actor.session, slug=order.tenant_slug, user=user.id):
                raise AlreadyExists("You belong to it already.")
            await self.members.join(user)
            self.work.record(MemberJoined(subject=user.id))
            self.work.note(Note(action="user.joined", subject=user.id, actor=user.id))
            there = (await self.members.identity(user.id)).tenant
        return MembershipView(id=there.id, slug=there.slug, name=there.name, role=Role.MEMBER)

    def _user(self, here: Identity) -> NewUser:
        return NewUser(
            id=new_id(),
            account=self.actor.account,
            role=Role.MEMBER,
            email=here.user.email,
            display_name=here.user.display_name,
            profile=_profile(here),
            joined_at=self.clock.now(),
        )


class Founding:
    """Makes further tenants for people who have one."""

    def __init__(
        self, actor: Actor, memberships: Memberships, members: Members, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.memberships = memberships
        self.members = members
        self.clock = clock
        self.work = work

    async def found(self, order: FoundTenant) -> TenantView:
        """Found a further tenant, and own it. `POST /auth/switch-tenant` leads there.

        - Its slug is made of its name; its time zone, currency and language are those of the present tenant.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        name = trimmed(order.name, "name", shortest=2)
        return await self._founded(await self._reserved(), name)

    @idempotent
    async def _reserved(self) -> Reservation:
        """The same for a request that comes again: so it founds one tenant, also when it was cut off on the way."""
        async with self.work:
            return self.work.result(Reservation(new_id(), await self.members.identity(self.actor.user)))

    async def _founded(self, reserved: Reservation, name: str) -> TenantView:
        """Make the tenant, unless this request has made it before."""
        owner, tenant = new_id(), reserved.tenant
        async with self.work.within(tenant):
            slug = await self.memberships.found(
                self.actor.session, tenant=tenant, owner=owner, name=name, slugs=slugs_for(name, tenant)
            )
            if slug is not None:
                await self.members.found(self._tenant(reserved, owner, slug, name))
                self.work.record(TenantFounded(subject=tenant))
                self.work.note(Note(action="tenant.founded", subject=tenant, actor=owner))
            return await self.members.tenant()

    def _tenant(self, reserved: Reservation, owner: UUID, slug: str, name: str) -> NewTenant:
        tenant, here = reserved.tenant, reserved.here
        registration = ConfirmedRegistration(
            id=tenant, tenant=tenant, tenant_name=name, display_name=here.user.display_name, profile=_profile(here)
        )
        return NewTenant(
            id=tenant,
            slug=slug,
            owner=owner,
            account=self.actor.account,
            owner_email=here.user.email,
            registration=registration,
            founded_at=self.clock.now(),
        )


def _profile(here: Identity) -> Profile:
    """What the person says of themselves where they are now."""
    user = here.user
    return Profile(
        username=user.username,
        phone=user.phone,
        preferred_language=user.preferred_language or here.tenant.locale,
        timezone=user.timezone or here.tenant.timezone,
        currency=here.tenant.currency,
        first_name=user.first_name,
        last_name=user.last_name,
        company=user.company,
        title=user.title,
    )

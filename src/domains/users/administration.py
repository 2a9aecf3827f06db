"""What admins do with the users of their tenant."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import Forbidden
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork
from domains.users.events import UserActivated, UserChanged, UserErased, UserRoleChanged, UserSuspended
from domains.users.model import ChangeUser, SuspendUser, User, must_be_given_by
from domains.users.ports import Departures, Memberships, Users


class Administration:
    """Says what users are in the tenant. Nobody touches somebody above themselves."""

    def __init__(
        self, actor: Actor, users: Users, members: Memberships, departures: Departures, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.users = users
        self.members = members
        self.departures = departures
        self.clock = clock
        self.work = work

    async def change(self, user_id: UUID, order: ChangeUser, *, expected: Collection[int] | None) -> User:
        """Change somebody's role or kind of membership.

        - Nobody raises anybody above themselves, nor touches somebody above: `forbidden`.
        - The last owner who can act stays one, also when two demote each other at once: `last_owner`.
        - A new role holds from the person's next request on.
        """
        self.actor.must(Permission.USERS_MANAGE)
        async with self.work:
            user = await self._at_hand(user_id, expected)
            must_be_given_by(self.actor.role, order.role)
            before = copy.copy(user)
            changed = user.change_membership(order, now=self.clock.now())
            if "role" in changed:
                await self.members.give_role(user.id, user.role, by=self.actor.user)
                self.work.record(UserRoleChanged.about(user))
            if changed:
                await self.users.save(user)
                self.work.record(UserChanged.about(user, fields=changed))
                self.work.note(Note(action="user.updated", subject=user.id, before=before, after=user))
        return user

    @idempotent
    async def suspend(self, user_id: UUID, order: SuspendUser) -> User:
        """Suspend somebody, with a reason that the person is told by mail.

        - Sessions and sockets end at once, and no new session begins.
        - The last owner who can act is not suspended (`last_owner`), nor does anybody suspend themselves.
        - Suspending somebody who is suspended already changes nothing.
        """
        self.actor.must(Permission.USERS_MANAGE)
        async with self.work:
            user = await self._other(user_id, None)
            if user.is_active:
                before, now = copy.copy(user), self.clock.now()
                user.suspend(order.reason, now=now)
                await self.members.suspend(user.id, by=self.actor.user, now=now)
                await self.users.save(user)
                self.work.record(UserSuspended.about(user))
                self.work.note(Note(action="user.suspended", subject=user.id, before=before, after=user))
            return self.work.result(user)

    @idempotent
    async def activate(self, user_id: UUID) -> User:
        """Let somebody who was suspended in again. The person is told by mail."""
        self.actor.must(Permission.USERS_MANAGE)
        async with self.work:
            user = await self._other(user_id, None)
            if user.is_suspended:
                before = copy.copy(user)
                user.activate(now=self.clock.now())
                await self.members.activate(user.id, by=self.actor.user)
                await self.users.save(user)
                self.work.record(UserActivated.about(user))
                self.work.note(Note(action="user.activated", subject=user.id, before=before, after=user))
            return self.work.result(user)

    async def erase(self, user_id: UUID, *, expected: Collection[int] | None) -> None:
        """Take somebody out of the tenant, and erase what it holds about the person.

        - The membership and its sessions end; the account goes too if it has no other tenant.
        - What the person did for the business stays, under "Former user"; the audit log still proves itself.
        - The last owner who can act is not erased (`last_owner`); oneself one takes out by `DELETE /users/me`.
        """
        self.actor.must(Permission.USERS_MANAGE)
        async with self.work:
            user = await self._other(user_id, expected)
            await self.departures.take_out(user.id, by=self.actor.user, now=self.clock.now())
            self.work.record(UserErased(subject=user.id, subject_version=user.version + 1))
            self.work.note(Note(action="user.erased", subject=user.id))

    async def _other(self, user_id: UUID, expected: Collection[int] | None) -> User:
        user = await self._at_hand(user_id, expected)
        if user.id == self.actor.user:
            raise Forbidden("Somebody else has to do that to you.")
        return user

    async def _at_hand(self, user_id: UUID, expected: Collection[int] | None) -> User:
        user = await self.users.for_change(user_id)
        must_be_current(user.version, expected)
        user.must_not_be_above(self.actor.role)
        return user

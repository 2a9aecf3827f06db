"""One's own profile and status."""

import copy
from collections.abc import Collection

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork
from domains.users.events import UserChanged, UserStatusChanged
from domains.users.model import SetStatus, User
from domains.users.ports import Users
from domains.users.profile import ChangeProfile


class Profiles:
    """What people say of themselves."""

    def __init__(self, actor: Actor, users: Users, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.users = users
        self.clock = clock
        self.work = work

    async def change(self, order: ChangeProfile, *, expected: Collection[int] | None) -> User:
        """Change one's own profile.

        - An absent field stays as it is; `null` clears it; lists and the address are replaced whole, of options only
          those that are given change.
        - A username that somebody else of the tenant has is `already_exists`.
        - Role, kind of membership and e-mail address are changed elsewhere.
        """
        self.actor.must(Permission.PROFILE_WRITE)
        async with self.work:
            user = await self.users.for_change(self.actor.user)
            must_be_current(user.version, expected)
            before = copy.copy(user)
            if changed := user.change_profile(order, now=self.clock.now()):
                await self.users.save(user)
                self.work.record(UserChanged.about(user, fields=changed))
                self.work.note(Note(action="user.updated", subject=user.id, before=before, after=user))
        return user

    async def set_status(self, order: SetStatus) -> User:
        """Say how one is at present, and hold that until it is changed. Everybody in the tenant hears of it."""
        self.actor.must(Permission.PROFILE_WRITE)
        async with self.work:
            user = await self.users.for_change(self.actor.user)
            before = copy.copy(user)
            if user.set_status(order, now=self.clock.now()):
                await self.users.save(user)
                self.work.record(UserStatusChanged.about(user))
                self.work.note(Note(action="user.status_changed", subject=user.id, before=before, after=user))
        return user

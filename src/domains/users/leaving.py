"""Leaving a tenant, and erasing what came in meanwhile."""

from uuid import UUID

from domains.identity import Reauthentication
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork
from domains.users.events import UserErased
from domains.users.ports import Departures, Users

ERASE_AGAIN = "users.erase_again"


class Leaving:
    """Lets people go."""

    def __init__(
        self,
        actor: Actor,
        proof: Reauthentication,
        users: Users,
        departures: Departures,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.proof = proof
        self.users = users
        self.departures = departures
        self.clock = clock
        self.work = work

    async def leave(self, *, password: str, code: str | None) -> None:
        """Leave the tenant of the token, with one's password, and have everything about oneself erased in it.

        - The account goes too if it has no other tenant; of other tenants one is still a user.
        - A wrong password is `invalid_credentials`, and counts as a failed login.
        - Where the account has a second factor, it is `two_factor_required` without its code, and `invalid_code` with
          a wrong one.
        - The last owner who can act stays: `last_owner`.
        """
        self.actor.must(Permission.PROFILE_WRITE)
        await self.proof.passed_wholly(self.actor, password=password, code=code)
        async with self.work:
            user = await self.users.for_change(self.actor.user)
            await self.departures.take_out(user.id, by=user.id, now=self.clock.now())
            self.work.record(UserErased(subject=user.id, subject_version=user.version + 1))
            self.work.note(Note(action="user.left", subject=user.id))


class ErasingAgain:
    """Erases what was written about a person while the person was being erased."""

    def __init__(self, departures: Departures, clock: Clock, work: UnitOfWork) -> None:
        self.departures = departures
        self.clock = clock
        self.work = work

    async def erase(self, user_id: UUID) -> None:
        """Requests that were under way have ended by now, and the leave-taking itself was noted."""
        async with self.work:
            await self.departures.erase(user_id, now=self.clock.now())

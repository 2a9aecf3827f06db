"""Who the caller is."""

from domains.identity.ports import Members
from domains.identity.views import Identity
from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class WhoAmI:
    """Tells callers about themselves."""

    def __init__(self, actor: Actor, members: Members, work: UnitOfWork) -> None:
        self.actor = actor
        self.members = members
        self.work = work

    async def identity(self) -> Identity:
        """The user and the tenant of the token."""
        self.actor.must(Permission.PROFILE_READ)
        async with self.work:
            return await self.members.identity(self.actor.user)

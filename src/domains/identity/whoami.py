"""Who the caller is."""

from domains.identity.ports import Members
from domains.identity.views import OwnIdentity
from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class WhoAmI:
    """Tells callers about themselves."""

    def __init__(self, actor: Actor, members: Members, work: UnitOfWork) -> None:
        self.actor = actor
        self.members = members
        self.work = work

    async def identity(self) -> OwnIdentity:
        """The user and the tenant of the token, the person's other tenants, and whether a second factor is on.

        - An API key is told of its own tenant alone, and nothing of how its maker signs in.
        """
        self.actor.must(Permission.PROFILE_READ)
        async with self.work:
            shown = await self.members.identity(self.actor.user)
            account = await self.members.account(self.actor.account)
        tenants, two_factor = account.tenants, account.two_factor
        if self.actor.scopes is None:
            return OwnIdentity(user=shown.user, tenant=shown.tenant, tenants=tenants, two_factor=two_factor)
        own = tuple(each for each in tenants if each.id == shown.tenant.id)
        return OwnIdentity(user=shown.user, tenant=shown.tenant, tenants=own, two_factor=None)

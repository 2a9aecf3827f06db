"""The demo tenant's team: invited, let in and at work by the same use cases as anybody, the letters kept back."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from dishka import AsyncContainer

from domains.identity import MailedLink
from domains.invitations import AcceptingInvitations, AcceptInvitation, InvitationLetters, Invitations, Invite, Inviting
from domains.shared.actor import Actor
from domains.shared.errors import Expired, InvalidToken
from domains.shared.ids import new_id
from domains.shared.work import UnitOfWork
from domains.users import Administration, Profiles
from domains.users.demo_team import TEAM, Teammate
from frontdesk.refusal import Refusal
from frontdesk.self_confirming import KeptLetters

Scoped = Callable[[Actor | None], AbstractAsyncContextManager[AsyncContainer]]
_TRIES = 8


async def join_team(scoped: Scoped, owner: Actor, password: str) -> None:
    """Let the team in. `scoped` opens the parts of one piece of work for somebody, or for nobody known yet."""
    for teammate in TEAM:
        user = await _let_in(scoped, owner, teammate, password)
        await _at_home(scoped, owner, teammate, user)


async def _let_in(scoped: Scoped, owner: Actor, teammate: Teammate, password: str) -> Actor:
    """A running worker mails a link too, and the newest alone is good: then it is tried again."""
    async with scoped(owner) as scope:
        invited = await (await scope.get(Inviting)).invite(Invite(email=teammate.email, role=teammate.role))
    for _ in range(_TRIES):
        token = await _link_of(scoped, owner, invited.id)
        order = AcceptInvitation(display_name=teammate.name, password=password)
        try:
            async with scoped(None) as scope:
                found = await (await scope.get(AcceptingInvitations)).accept(token, order, None)
        except (Expired, InvalidToken):
            continue
        user = found.user.id
        return Actor(tenant=owner.tenant, user=user, account=new_id(), session=new_id(), role=teammate.role)
    raise Refusal(f"{teammate.email} could not accept the invitation. Try again.")


async def _link_of(scoped: Scoped, owner: Actor, invitation: UUID) -> str:
    kept = KeptLetters()
    async with scoped(owner) as scope:
        invitations, work = await scope.get(Invitations), await scope.get(UnitOfWork)
        await InvitationLetters(invitations, kept, await scope.get(MailedLink), work).send(invitation)
    return kept.words["link"].rpartition("=")[2]


async def _at_home(scoped: Scoped, owner: Actor, teammate: Teammate, user: Actor) -> None:
    async with scoped(user) as scope:
        profiles = await scope.get(Profiles)
        await profiles.change(teammate.profile, expected=None)
        if teammate.status is not None:
            await profiles.set_status(teammate.status)
    async with scoped(owner) as scope:
        administration = await scope.get(Administration)
        if teammate.membership is not None:
            await administration.change(user.user, teammate.membership, expected=None)
        if teammate.suspended is not None:
            await administration.suspend(user.user, teammate.suspended)

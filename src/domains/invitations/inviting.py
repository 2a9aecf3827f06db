"""Inviting people into the tenant."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.identity import Attempts, Letters, MailedLink, digest_of, new_token
from domains.invitations.events import InvitationMade
from domains.invitations.invitation import Invitation, Invitations, Invite
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import AlreadyExists, Forbidden
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission, Role
from domains.shared.plans import Quota
from domains.shared.quotas import Quotas
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork

MAIL_INVITATION = "identity.mail_invitation"
_FROM_THE_TOP = tuple(Role)


class Inviting:
    """Sends invitations, and takes them back."""

    def __init__(
        self,
        actor: Actor,
        invitations: Invitations,
        attempts: Attempts,
        quotas: Quotas,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.invitations = invitations
        self.attempts = attempts
        self.quotas = quotas
        self.clock = clock
        self.work = work

    @idempotent
    async def invite(self, order: Invite) -> Invitation:
        """Invite somebody by e-mail. The letter has a link that is good once, for 7 days.

        - Nobody gives a role above their own: `forbidden`.
        - An address that is a user's, or has a pending invitation, is `already_exists`.
        - It is good while who sent it last may give that role. An address gets 5 an hour, from all businesses
          together; then it is `rate_limited`.
        - A business that has all the users that its plan gives invites nobody: `quota_exceeded`. A pending invitation
          keeps no place.
        """
        self.actor.must(Permission.INVITATIONS_WRITE)
        self._must_reach(order.role)
        invitation = Invitation.make(order, by=self.actor.user, now=self.clock.now())
        async with self.work:
            if await self.invitations.is_user(invitation.email):
                raise AlreadyExists("Somebody with this address is a user already.")
            if not await self.invitations.add(invitation):
                raise AlreadyExists("This address has a pending invitation: send that one again.")
            (await self.attempts.invitation_mail(invitation.email)).must_be_granted()
            self.work.record(InvitationMade(subject=invitation.id))
            self.work.note(Note(action="invitation.created", subject=invitation.id, after=invitation))
            await self.quotas.must_have_room(Quota.USERS)
            return self.work.result(invitation)

    @idempotent
    async def resend(self, invitation_id: UUID) -> Invitation:
        """Send the letter again, with a new link that is good for 7 days; the old link is dead.

        - One that was accepted or revoked is `conflict`; one with a role above one's own is `forbidden`.
        - An address gets 5 letters an hour; then it is `rate_limited`. Where nobody more fits into the plan, it is
          `quota_exceeded`.
        """
        self.actor.must(Permission.INVITATIONS_WRITE)
        async with self.work:
            invitation = await self.invitations.for_change(invitation_id)
            self._must_reach(invitation.role)
            before = copy.copy(invitation)
            invitation.renew(by=self.actor.user, now=self.clock.now())
            (await self.attempts.invitation_mail(invitation.email)).must_be_granted()
            await self.invitations.save(invitation)
            self.work.record(InvitationMade.about(invitation))
            self.work.note(Note(action="invitation.resent", subject=invitation.id, before=before, after=invitation))
            await self.quotas.must_have_room(Quota.USERS)
            return self.work.result(invitation)

    async def revoke(self, invitation_id: UUID, *, expected: Collection[int] | None) -> None:
        """Take an invitation back: its link is dead at once.

        - One that was accepted is `conflict`. Revoking one that is revoked already changes nothing.
        """
        self.actor.must(Permission.INVITATIONS_WRITE)
        async with self.work:
            invitation = await self.invitations.for_change(invitation_id)
            must_be_current(invitation.version, expected)
            if invitation.revoked_at is None:
                before = copy.copy(invitation)
                invitation.revoke(now=self.clock.now())
                await self.invitations.save(invitation)
                self.work.note(
                    Note(action="invitation.revoked", subject=invitation.id, before=before, after=invitation)
                )

    def _must_reach(self, role: Role) -> None:
        if _FROM_THE_TOP.index(role) < _FROM_THE_TOP.index(self.actor.role):
            raise Forbidden("Nobody gives a role above their own.")


class InvitationLetters:
    """Mails invitations. A token is made when its letter is sent: it rests nowhere else."""

    def __init__(self, invitations: Invitations, letters: Letters, link: MailedLink, work: UnitOfWork) -> None:
        self.invitations = invitations
        self.letters = letters
        self.link = link
        self.work = work

    async def send(self, invitation_id: UUID) -> None:
        """Send the link, in the tenant's language; the one before is dead. A revoked invitation gets nothing."""
        token = new_token()
        async with self.work:
            letter = await self.invitations.letter(invitation_id)
            if letter is not None:
                await self.invitations.issue(invitation_id, digest_of(token))
        if letter is not None:
            words = {"tenantName": letter.tenant_name, "inviterName": letter.inviter, "role": letter.role.value}
            words["link"] = self.link.to("invitation", token)
            await self.letters.send(to=letter.email, template="invitation", words=words, language=letter.language)

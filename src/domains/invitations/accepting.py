"""Accepting an invitation."""

from uuid import UUID

import msgspec

from domains.identity import (
    Accounts,
    LoginCheck,
    MemberJoined,
    Members,
    NewUser,
    PasswordHasher,
    Passwords,
    PasswordText,
    Profile,
    SecondCode,
    Session,
    Sessions,
    SignedIn,
    digest_of,
    must_be_strong,
    refused,
    username_from,
)
from domains.invitations.errors import InvitationExpired
from domains.invitations.invitation import Invitation, Invitations
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import (
    AlreadyExists,
    DomainError,
    Forbidden,
    InvalidCode,
    InvalidCredentials,
    InvalidToken,
    RateLimited,
    ValidationFailed,
)
from domains.shared.fields import DisplayName, trimmed
from domains.shared.ids import new_id
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork

_REFUSALS = (InvalidToken, InvitationExpired, InvalidCredentials, InvalidCode, RateLimited, Forbidden)


class AcceptInvitation(Command, frozen=True):
    """`password` is a new one, or the present one of who has an account; it is not needed beside a session."""

    display_name: DisplayName
    password: PasswordText | None = None
    code: SecondCode | None = None


class Invitee(msgspec.Struct, frozen=True):
    """Whose invitation it is: with the hash of their account, which `is_new` or is there.

    `second`: by its session or its second factor, as far as it has one.
    """

    email: str
    password_hash: str
    is_new: bool
    second: bool


class InviteeCheck:
    """Finds out whether who accepts is who was invited."""

    def __init__(
        self, accounts: Accounts, passwords: Passwords, check: LoginCheck, hasher: PasswordHasher, work: UnitOfWork
    ) -> None:
        self.accounts = accounts
        self.passwords = passwords
        self.check = check
        self.hasher = hasher
        self.work = work

    async def passed(self, invitation: Invitation, order: AcceptInvitation, visitor: Session | None) -> Invitee:
        """The address has the token. An account that is there needs its session or its password; nothing resets it."""
        email = invitation.email
        async with self.work:
            known = await self.accounts.credentials(email)
            visiting = await self.passwords.address(visitor.id) if visitor else None
        if visitor is not None:
            if visiting != email or known is None:
                raise Forbidden("The invitation is for another address.")
            return Invitee(email, known.password_hash, is_new=False, second=True)
        if order.password is None:
            raise ValidationFailed.of("password", "required", "Expected a password.")
        if known is not None and known.account is not None:
            known = await self.check.passed(email, order.password, order.code)
            return Invitee(email, known.password_hash, is_new=False, second=known.second)
        must_be_strong(order.password, "password", about=[email.partition("@")[0], order.display_name])
        return Invitee(email, await self.hasher.hash(order.password), is_new=True, second=False)


class Entry:
    """Makes a user of who was invited."""

    def __init__(self, invitations: Invitations, members: Members, clock: Clock, work: UnitOfWork) -> None:
        self.invitations = invitations
        self.members = members
        self.clock = clock
        self.work = work

    async def find(self, digest: bytes) -> tuple[UUID, Invitation]:
        """The tenant, and the pending invitation. Raise `InvalidToken` or `InvitationExpired`."""
        async with self.work.within(None):
            route = await self.invitations.route(digest)
        if route is None:
            raise InvalidToken("The link is unknown, or was replaced by a newer one.")
        tenant, invitation_id = route
        async with self.work.within(tenant):
            invitation = await self.invitations.for_change(invitation_id)
        invitation.must_be_acceptable(self.clock.now())
        return tenant, invitation

    async def let_in(self, digest: bytes, tenant: UUID, invitation: Invitation, who: Invitee, name: str) -> str:
        """Use the invitation up, once; the tenant's slug. Raise `InvitationExpired` where another was quicker."""
        user, now = new_id(), self.clock.now()
        async with self.work.within(tenant):
            account, role = await self.invitations.accept(
                digest,
                account=new_id(),
                password_hash=who.password_hash if who.is_new else None,
                user=user,
                now=now,
            )
            if account is None:
                raise InvitationExpired("The invitation was used, revoked, or is too old.")
            if role is None:
                raise AlreadyExists("You belong to it already.")
            here = await self.members.tenant()
            profile = _profile(who.email, timezone=here.timezone, currency=here.currency, language=here.locale)
            await self.members.join(
                NewUser(
                    id=user,
                    account=account,
                    role=role,
                    email=who.email,
                    display_name=name,
                    profile=profile,
                    joined_at=now,
                )
            )
            self.work.record(MemberJoined(subject=user))
            self.work.note(Note(action="invitation.accepted", subject=invitation.id, actor=user))
        return here.slug


class AcceptingInvitations:
    """Lets people in who were invited."""

    def __init__(self, check: InviteeCheck, entry: Entry, sessions: Sessions, work: UnitOfWork) -> None:
        self.check = check
        self.entry = entry
        self.sessions = sessions
        self.work = work

    async def accept(self, token: str, order: AcceptInvitation, visitor: Session | None) -> SignedIn:
        """Accept an invitation with the token from the mailed link: it answers as login does.

        - An unknown token is `invalid_token`; an invitation that was used, revoked or is over 7 days old is `expired`.
        - An address without an account gets one, with the password given here.
        - One that has an account needs its present password, and the second factor where there is one; or a session
          of that account as the bearer token. Another's session is `forbidden`.
        """
        try:
            return await self._accepted(digest_of(token), order, visitor)
        except _REFUSALS as refusal:
            await self._note(refusal)
            raise

    async def _accepted(self, digest: bytes, order: AcceptInvitation, visitor: Session | None) -> SignedIn:
        name = trimmed(order.display_name, "displayName", shortest=2)
        tenant, invitation = await self.entry.find(digest)
        self.work.within(None)
        who = await self.check.passed(invitation, order, visitor)
        slug = await self.entry.let_in(digest, tenant, invitation, who, name)
        self.work.within(None)
        return await self.sessions.open(who.email, who.password_hash, slug=slug, second=who.second)

    async def _note(self, refusal: DomainError) -> None:
        async with self.work.within(None):
            self.work.note(refused(f"invitation.refused_{refusal.code}", ""))


def _profile(email: str, *, timezone: str, currency: str, language: str) -> Profile:
    return Profile(
        username=username_from(email),
        phone=None,
        preferred_language=language,
        timezone=timezone,
        currency=currency,
        first_name=None,
        last_name=None,
        company=None,
        title=None,
    )

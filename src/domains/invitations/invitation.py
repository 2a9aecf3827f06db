"""Invitations: what one is, how it is shown, and what it needs from the world."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

import msgspec

from domains.invitations.errors import InvitationExpired
from domains.shared.clock import Timestamp
from domains.shared.contact import EmailAddress
from domains.shared.errors import Conflict
from domains.shared.fields import EmailText
from domains.shared.ids import new_id
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Role
from domains.shared.versions import Resource
from domains.shared.wire import Command, View, shown

INVITED_FOR = timedelta(days=7)


class InvitationStatus(StrEnum):
    """Only a pending one can be accepted, revoked or sent again."""

    ACCEPTED = "accepted"
    EXPIRED = "expired"
    PENDING = "pending"
    REVOKED = "revoked"


class Invite(Command, frozen=True):
    """Whom, and as what."""

    email: EmailText
    role: Role


class Invitation(Resource, kw_only=True):
    """Somebody may become a user of the tenant, with this role, until it expires."""

    email: str
    role: Role
    invited_by: UUID
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None

    @classmethod
    def make(cls, order: Invite, *, by: UUID, now: datetime) -> Self:
        """Raise `ValidationFailed` for what is no address."""
        return cls(
            id=new_id(),
            email=EmailAddress.parse(order.email, "email").value,
            role=order.role,
            invited_by=by,
            expires_at=now + INVITED_FOR,
            created_at=now,
            updated_at=now,
        )

    def status(self, now: datetime) -> InvitationStatus:
        if self.accepted_at is not None:
            return InvitationStatus.ACCEPTED
        if self.revoked_at is not None:
            return InvitationStatus.REVOKED
        return InvitationStatus.PENDING if now < self.expires_at else InvitationStatus.EXPIRED

    def is_pending(self, now: datetime) -> bool:
        return self.status(now) is InvitationStatus.PENDING

    def must_be_acceptable(self, now: datetime) -> None:
        """Raise `InvitationExpired` for one that was used, revoked, or is too old."""
        if not self.is_pending(now):
            raise InvitationExpired(f"The invitation is {self.status(now).value}. Ask for another one.")

    def renew(self, *, by: UUID, now: datetime) -> None:
        """Give it its whole time again: it is theirs now. Raise `Conflict` for one that was accepted or revoked."""
        if self.accepted_at is not None or self.revoked_at is not None:
            raise Conflict(f"The invitation is {self.status(now).value}.")
        self.invited_by = by
        self.expires_at = now + INVITED_FOR
        self.touch(now)

    def revoke(self, *, now: datetime) -> None:
        """Raise `Conflict` for one that was accepted."""
        if self.accepted_at is not None:
            raise Conflict("The invitation was accepted.")
        self.revoked_at = now
        self.touch(now)


class InvitationView(View, frozen=True):
    """An invitation. `invitedBy` is the user who made it, or sent it again last: it ends with their right to do so."""

    id: UUID
    email: EmailText
    role: Role
    status: InvitationStatus
    invited_by: UUID
    expires_at: Timestamp
    accepted_at: Timestamp | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, invitation: Invitation, *, now: datetime) -> Self:
        return shown(cls, invitation, status=invitation.status(now))


class MailedInvitation(msgspec.Struct, frozen=True):
    """What the letter says."""

    email: str
    role: Role
    inviter: str
    tenant_name: str
    language: str


class Invitations(Protocol):
    """The bound tenant's invitations. Their tokens lead to a tenant from outside."""

    async def is_user(self, email: str) -> bool:
        """Whether somebody with this address is a user of the tenant."""
        ...

    async def add(self, invitation: Invitation) -> bool:
        """False where a pending one for the address is there; one that has expired makes room."""
        ...

    async def for_change(self, invitation_id: UUID) -> Invitation:
        """The invitation, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, invitation: Invitation) -> None: ...

    async def letter(self, invitation_id: UUID) -> MailedInvitation | None: ...

    async def issue(self, invitation_id: UUID, digest: bytes) -> None:
        """Make this its only token."""
        ...

    async def route(self, digest: bytes) -> tuple[UUID, UUID] | None:
        """The tenant and the invitation of a token, whatever tenant is bound."""
        ...

    async def accept(
        self, digest: bytes, *, account: UUID, password_hash: str | None, user: UUID, now: datetime
    ) -> tuple[UUID | None, Role | None]:
        """Use it up: the account, and the role it was given; None for what is not to be had, and then nothing counts.

        With a hash, a new account is made; without, the one of the invitation's address is taken.
        """
        ...


class InvitationQueries(Protocol):
    """The tenant's invitations, to be read. Needs `invitations:read`."""

    async def page(self, status: InvitationStatus | None, request: PageRequest) -> Page[InvitationView]: ...

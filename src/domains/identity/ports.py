"""What identity needs from the world."""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from domains.identity.model import ConfirmedRegistration, NewTenant, NewUser, Registration
from domains.identity.refreshing import Opening
from domains.identity.session import Session
from domains.identity.views import AccountState, Identity, MembershipView, TenantView
from domains.shared.limits import Allowance


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an address. Without `account`, it has registered and is not confirmed.

    `second`: the second factor was shown too.
    """

    password_hash: str
    account: UUID | None
    second: bool = False


class OpenedSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session just opened, and all tenants that its person belongs to."""

    session: Session
    tenants: tuple[MembershipView, ...]


class IssuedCode(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a registration's code goes. When `is_known`, the address has an account and gets no code."""

    email: str
    tenant_name: str
    display_name: str
    is_known: bool


class CompletedRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """The slug and address under which a registration became a tenant."""

    slug: str
    email: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A registration's password, whether others of its address wait, and the slug of the tenant that it joins."""

    password_hash: str
    has_rivals: bool
    joins: str | None


class Registrations(Protocol):
    """Registrations that wait for their code."""

    async def add(self, registration: Registration, *, password_hash: str) -> None: ...

    async def latest(self, email: str) -> tuple[UUID, UUID] | None:
        """The id and the reserved tenant of the newest one of `email`."""
        ...

    async def issue_code(self, registration: UUID, *, digest: bytes, expires_at: datetime) -> IssuedCode | None:
        """Put a new code in the place of the old one, or do nothing where the address is known."""
        ...

    async def language(self, registration: UUID) -> str | None:
        """The language that its person prefers, if it is there and says so."""
        ...

    async def try_code(
        self, email: str, *, digest: bytes, now: datetime, most_tries: int
    ) -> ConfirmedRegistration | None:
        """The registration whose live code has this digest. A wrong one is counted, also when many come at once."""
        ...

    async def complete(
        self,
        found: ConfirmedRegistration,
        *,
        digest: bytes,
        account: UUID,
        owner: UUID,
        slugs: list[str],
        now: datetime,
    ) -> CompletedRegistration | None:
        """Make it an account and a tenant, once. None when somebody else did, or when the address has an account."""
        ...

    async def claim(self, registration: UUID) -> Claim | None: ...

    async def miss(self, registration: UUID) -> None:
        """Count a wrong try at its code."""
        ...

    async def admitted_to(self, email: str, slug: str) -> UUID | None:
        """The tenant with this slug, if it lets whoever has this address join; else None."""
        ...

    async def complete_joining(self, found: ConfirmedRegistration, user: NewUser, *, digest: bytes) -> bool:
        """Make it an account and a membership in the bound tenant, once. False as with `complete`."""
        ...

    async def forget(self, registration: UUID) -> None:
        """Remove it, if it is still there."""
        ...


class Accounts(Protocol):
    """People's accounts and their sessions."""

    async def credentials(self, email: str) -> Credentials | None: ...

    async def renew_hash(self, account: UUID, *, old: str, new: str) -> None:
        """Put `new` in the place of `old`, unless the password was changed meanwhile."""
        ...

    async def open_session(
        self, email: str, *, password_hash: str, slug: str | None, opening: Opening
    ) -> OpenedSession | None:
        """A session in the tenant with `slug`, or in the one last used. None where the person is no member.

        Raises `AccountSuspended` where the person is suspended there, or the tenant is.
        """
        ...


class Attempts(Protocol):
    """Counts what is tried against one address, by all callers and over all processes, in the present work.

    It is counted when the work commits, whatever comes of it. What is not granted is not counted.
    """

    async def login(self, email: str) -> Allowance:
        """Count a login, which may still succeed. Where the person has logged in before, it is counted apart."""
        ...

    async def login_succeeded(self, email: str) -> None:
        """Give one login back, and know this place from now on."""
        ...

    async def second_factor(self, account: UUID) -> Allowance:
        """Count a code of a second factor, which may still be right: as with logins."""
        ...

    async def second_factor_succeeded(self, account: UUID) -> None: ...

    async def code_guess(self, email: str) -> Allowance: ...

    async def code_mail(self, email: str) -> Allowance: ...

    async def invitation_mail(self, email: str) -> Allowance:
        """Count a letter with an invitation, as many as of codes, and apart from those. So are those about visits."""
        ...

    async def visit_mail(self, email: str) -> Allowance: ...


class LiveSessions(Protocol):
    """Sessions that have not ended."""

    async def find(self, session_id: UUID) -> Session | None:
        """The session, with its user's present role; None when it has ended."""
        ...

    async def find_key(self, digest: bytes) -> Session | None:
        """The API key with this digest, as the session that it stands for; None when it has ended."""
        ...


class Members(Protocol):
    """The tenant's own record and its users."""

    async def found(self, tenant: NewTenant) -> None: ...

    async def join(self, user: NewUser) -> None:
        """Add the user. Raises `QuotaExceeded` where the tenant has as many as its plan gives."""
        ...

    async def identity(self, user: UUID) -> Identity: ...

    async def account(self, account: UUID) -> AccountState:
        """In which tenants the account is, less those where it is suspended, and how it signs in."""
        ...

    async def tenant(self) -> TenantView: ...


class PasswordHasher(Protocol):
    """Slow on purpose, and never on the event loop."""

    async def hash(self, password: str) -> str: ...

    async def renewed(self, password: str, password_hash: str) -> str | None:
        """A new hash of the right password where the old one is of another kind or strength than today's, else None."""
        ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password. Without a hash: False, after as long as with one."""
        ...


class AccessTokens(Protocol):
    """Tokens that name a session, signed and short-lived."""

    @property
    def lifetime(self) -> int:
        """In seconds."""
        ...

    def issue(self, session: Session, *, at: datetime | None = None) -> str:
        """As of `at`, or now. The same session and instant give the same token."""
        ...

    def read(self, token: str) -> UUID:
        """The session that the token names. Raises `Unauthenticated` or `TokenExpired`."""
        ...


class Letters(Protocol):
    """Mail to one person, made of a template and its words."""

    async def send(
        self,
        *,
        to: str,
        template: str,
        words: dict[str, str],
        language: str | None = None,
        calendar: str | None = None,
    ) -> None:
        """Send it in `language`, or else in the tenant's, or else in English. `calendar` is attached: iCalendar."""
        ...


class Tickets(Protocol):
    """Tickets that were given out and not used yet."""

    async def keep(self, digest: bytes, session: UUID, *, lifetime: timedelta) -> datetime:
        """Store one, and say until when it is good. Raises `Unauthenticated` when the session has ended."""
        ...

    async def take(self, digest: bytes) -> UUID | None:
        """Use it up: its session; None when it is unknown, used or late. Of many who try at once, one has it."""
        ...

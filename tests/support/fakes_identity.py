"""Registrations, accounts and letters in memory."""

from datetime import datetime
from uuid import UUID

import msgspec

from domains.identity import (
    AccountState,
    Claim,
    CompletedRegistration,
    ConfirmedRegistration,
    Credentials,
    Identity,
    IssuedCode,
    MembershipView,
    NewTenant,
    NewUser,
    NotificationPreferences,
    OpenedSession,
    Opening,
    Preferences,
    Registration,
    SecondFactorState,
    Session,
    Status,
    TenantView,
    UserView,
)
from domains.shared.clock import timestamp
from domains.shared.errors import Unauthenticated
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.fakes import MemoryWork


class Waiting(msgspec.Struct):
    """A registration with what is kept beside it."""

    registration: Registration
    password_hash: str
    digest: bytes | None = None
    expires_at: datetime | None = None
    tries: int = 0


class Account(msgspec.Struct):
    """An account with its only membership."""

    id: UUID
    email: str
    password_hash: str
    user: UUID
    tenant: MembershipView


class MemoryRegistrations:
    """The `Registrations` of a directory."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def add(self, registration: Registration, *, password_hash: str) -> None:
        self._waiting[registration.id] = Waiting(registration, password_hash)

    async def latest(self, email: str) -> tuple[UUID, UUID] | None:
        found = self._of(email)
        return (found[-1].registration.id, found[-1].registration.tenant) if found else None

    async def issue_code(self, registration: UUID, *, digest: bytes, expires_at: datetime) -> IssuedCode | None:
        waiting = self._waiting.get(registration)
        if waiting is None:
            return None
        found = waiting.registration
        is_known = found.email in self._work.table("accounts")
        waiting.digest, waiting.expires_at, waiting.tries = None if is_known else digest, expires_at, 0
        return IssuedCode(
            email=found.email, tenant_name=found.tenant_name, display_name=found.display_name, is_known=is_known
        )

    async def language(self, registration: UUID) -> str | None:
        waiting = self._waiting.get(registration)
        return waiting.registration.profile.preferred_language if waiting else None

    async def try_code(
        self, email: str, *, digest: bytes, now: datetime, most_tries: int
    ) -> ConfirmedRegistration | None:
        for waiting in self._of(email):
            is_live = waiting.expires_at is not None and waiting.expires_at > now and waiting.tries < most_tries
            if waiting.digest == digest and is_live:
                found = waiting.registration
                return ConfirmedRegistration(
                    id=found.id,
                    tenant=found.tenant,
                    tenant_name=found.tenant_name,
                    display_name=found.display_name,
                    profile=found.profile,
                )
        for waiting in self._of(email):
            waiting.tries += 1
        return None

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
        waiting = self._waiting.get(found.id)
        accounts = self._work.table("accounts")
        if waiting is None or waiting.digest != digest or waiting.registration.email in accounts:
            return None
        email = waiting.registration.email
        taken = {each.tenant.slug for each in accounts.values()}
        slug = next(each for each in slugs if each not in taken)
        membership = MembershipView(id=found.tenant, slug=slug, name=found.tenant_name, role=Role.OWNER)
        accounts[email] = Account(account, email, waiting.password_hash, owner, membership)
        for each in self._of(email):
            del self._waiting[each.registration.id]
        return CompletedRegistration(slug=slug, email=email)

    async def claim(self, registration: UUID) -> Claim | None:
        waiting = self._waiting.get(registration)
        if waiting is None:
            return None
        rivals = [each for each in self._of(waiting.registration.email) if each is not waiting]
        return Claim(password_hash=waiting.password_hash, has_rivals=bool(rivals), joins=waiting.registration.joins)

    async def miss(self, registration: UUID) -> None:
        self._waiting[registration].tries += 1

    async def admitted_to(self, email: str, slug: str) -> UUID | None:
        admitted: UUID | None = self._work.table("admitted").get((email, slug))
        return admitted

    async def complete_joining(self, found: ConfirmedRegistration, user: NewUser, *, digest: bytes) -> bool:
        waiting = self._waiting.pop(found.id, None)
        if waiting is None or waiting.digest != digest or user.email in self._work.table("accounts"):
            return False
        tenant = MembershipView(
            id=self._work.tenant or new_id(), slug=waiting.registration.tenant_name, name="It", role=Role.MEMBER
        )
        made = Account(user.account, user.email, waiting.password_hash, user.id, tenant)
        self._work.table("accounts")[user.email] = made
        return True

    @property
    def _waiting(self) -> dict[UUID, Waiting]:
        return self._work.table("registrations")

    def _of(self, email: str) -> list[Waiting]:
        return [each for each in self._waiting.values() if each.registration.email == email]

    async def forget(self, registration: UUID) -> None:
        self._waiting.pop(registration, None)


class MemoryAccounts:
    """The `Accounts` of a directory."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def credentials(self, email: str) -> Credentials | None:
        account: Account | None = self._work.table("accounts").get(email)
        if account:
            return Credentials(password_hash=account.password_hash, account=account.id)
        waiting = [each for each in self._work.table("registrations").values() if each.registration.email == email]
        return Credentials(password_hash=waiting[-1].password_hash, account=None) if waiting else None

    async def renew_hash(self, account: UUID, *, old: str, new: str) -> None:
        for each in self._work.table("accounts").values():
            if (each.id, each.password_hash) == (account, old):
                each.password_hash = new

    async def open_session(
        self, email: str, *, password_hash: str, slug: str | None, opening: Opening
    ) -> OpenedSession | None:
        account: Account | None = self._work.table("accounts").get(email)
        if account is None or account.password_hash != password_hash or slug not in (None, account.tenant.slug):
            return None
        opened = Session(
            id=opening.session,
            account=account.id,
            tenant=account.tenant.id,
            user=account.user,
            role=account.tenant.role,
        )
        self._work.table("sessions")[opened.id] = opened
        return OpenedSession(session=opened, tenants=(account.tenant,))


class MemoryMembers:
    """The `Members` of tenants."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def found(self, tenant: NewTenant) -> None:
        self._work.table("tenants")[tenant.owner] = tenant

    async def join(self, user: NewUser) -> None:
        self._work.table("users")[user.id] = user

    async def identity(self, user: UUID) -> Identity:
        tenant: NewTenant = self._work.table("tenants")[user]
        assert tenant.id == self._work.tenant
        return Identity(user=_user_view(tenant), tenant=_tenant_view(tenant))

    async def account(self, account: UUID) -> AccountState:
        own = [each for each in self._work.table("tenants").values() if each.account == account]
        tenants = tuple(
            MembershipView(id=each.id, slug=each.slug, name=each.registration.tenant_name, role=Role.OWNER)
            for each in own
        )
        return AccountState(
            tenants=tenants, two_factor=SecondFactorState(enabled=False, methods=(), recovery_codes_left=0)
        )

    async def tenant(self) -> TenantView:
        found: list[NewTenant] = list(self._work.table("tenants").values())
        return next(_tenant_view(each) for each in found if each.id == self._work.tenant)


class PlainHasher:
    """A `PasswordHasher` that hides nothing. `asked` holds the hashes against which it was asked to verify."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def renewed(self, password: str, password_hash: str) -> str | None:
        return None if password_hash == await self.hash(password) else await self.hash(password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.asked.append(password_hash)
        return password_hash == f"hash of {password}"


class PlainTokens:
    """`AccessTokens` that can be read by anybody."""

    lifetime = 3600

    def issue(self, session: Session, *, at: datetime | None = None) -> str:
        return f"token of {session.id}"

    def read(self, token: str) -> UUID:
        kind, _, text = token.rpartition(" ")
        if kind != "token of":
            raise Unauthenticated("This is no token.")
        return UUID(text)


class Letter(msgspec.Struct, frozen=True):
    """What was to be sent."""

    to: str
    template: str
    words: dict[str, str]
    language: str | None = None


class KeptLetters:
    """`Letters` that stay here."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []

    async def send(
        self,
        *,
        to: str,
        template: str,
        words: dict[str, str],
        language: str | None = None,
        calendar: str | None = None,
    ) -> None:
        self.sent.append(Letter(to, template, words, language))


def _user_view(tenant: NewTenant) -> UserView:
    profile = tenant.registration.profile
    return UserView(
        id=tenant.owner,
        email=tenant.owner_email,
        username=profile.username,
        display_name=tenant.registration.display_name,
        first_name=profile.first_name,
        last_name=profile.last_name,
        role=Role.OWNER,
        member_type=None,
        member_since=None,
        company=profile.company,
        title=profile.title,
        phone=profile.phone,
        address=None,
        location=None,
        bio=None,
        website=None,
        linkedin=None,
        skills=(),
        certifications=(),
        avatar_url=None,
        status=Status.OFFLINE,
        status_message=None,
        last_seen_at=None,
        preferences=Preferences(),
        notification_preferences=NotificationPreferences(),
        is_active=True,
        preferred_language=profile.preferred_language,
        timezone=profile.timezone,
        email_verified=True,
        version=1,
        created_at=timestamp(tenant.founded_at),
        updated_at=timestamp(tenant.founded_at),
    )


def _tenant_view(tenant: NewTenant) -> TenantView:
    profile = tenant.registration.profile
    return TenantView(
        id=tenant.id,
        slug=tenant.slug,
        name=tenant.registration.tenant_name,
        timezone=profile.timezone,
        currency=profile.currency,
        locale=profile.preferred_language or "en",
        version=1,
        created_at=timestamp(tenant.founded_at),
        updated_at=timestamp(tenant.founded_at),
    )

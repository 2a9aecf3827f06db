"""What people ask of identity, and what is kept of it."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.identity.passwords import PasswordText, must_be_strong
from domains.shared.actor import Actor
from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import together
from domains.shared.fields import (
    ONE_LINE,
    CurrencyCode,
    DisplayName,
    EmailText,
    LanguageTag,
    Line,
    PhoneText,
    TimezoneName,
    known_currency,
    known_timezone,
    trimmed,
)
from domains.shared.ids import new_id
from domains.shared.permissions import Permission, Role
from domains.shared.plans import Plan
from domains.shared.wire import Command

TenantName = Annotated[str, Meta(min_length=2, max_length=100, pattern=ONE_LINE, examples=["Harbor Plumbing"])]
Username = Annotated[str, Meta(min_length=2, max_length=32, pattern=r"^[a-z0-9._-]{2,32}$(?!\n)", examples=["ada"])]
Slug = Annotated[
    str, Meta(min_length=3, max_length=40, pattern=r"^[a-z0-9-]{3,40}$(?!\n)", examples=["harbor-plumbing"])
]
CodeText = Annotated[str, Meta(min_length=6, max_length=6, pattern=r"^[0-9]{6}$(?!\n)", examples=["123456"])]

TERMS_VERSION = "2026-11"
_DEFAULT_TIMEZONE = "UTC"
_DEFAULT_CURRENCY = "USD"


class Register(Command, frozen=True):
    """A new tenant and its owner. `agreeToTerms` must be true; it is recorded with its time and version."""

    tenant_name: TenantName
    email: EmailText
    password: PasswordText
    display_name: DisplayName
    agree_to_terms: Literal[True]
    username: Username | None = None
    phone: PhoneText | None = None
    preferred_language: LanguageTag | None = None
    timezone: TimezoneName | None = None
    currency: CurrencyCode | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    company: Line | None = None
    title: Line | None = None


class VerifyEmail(Command, frozen=True):
    """The code that was mailed to an address."""

    email: EmailText
    code: CodeText


class ResendVerification(Command, frozen=True):
    """The address that waits for a code."""

    email: EmailText


class LogIn(Command, frozen=True):
    """Without `tenantSlug`, into the tenant last used. `rememberMe`: for 30 days without use in place of 24 hours."""

    email: EmailText
    password: PasswordText
    tenant_slug: Slug | None = None
    remember_me: bool = False


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of themselves and of their business when they registered."""

    username: str
    phone: str | None
    preferred_language: str | None
    timezone: str
    currency: str
    first_name: str | None
    last_name: str | None
    company: str | None
    title: str | None


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant-to-be: it has its id reserved, and waits for its owner's address to be confirmed."""

    id: UUID
    tenant: UUID
    email: str
    tenant_name: str
    display_name: str
    profile: Profile
    terms_version: str
    started_at: datetime

    @classmethod
    def start(cls, order: Register, *, now: datetime) -> Self:
        """Raise `ValidationFailed` for a weak password, a blank name, or what is no address, number, zone, currency."""
        together(
            lambda: EmailAddress.parse(order.email, "email"),
            lambda: must_be_strong(order.password, "password"),
            lambda: trimmed(order.tenant_name, "tenantName", shortest=2),
            lambda: trimmed(order.display_name, "displayName", shortest=2),
            lambda: _phone(order),
            lambda: known_timezone(order.timezone or _DEFAULT_TIMEZONE, "timezone"),
            lambda: known_currency(order.currency or _DEFAULT_CURRENCY, "currency"),
        )
        email = EmailAddress.parse(order.email, "email").value
        return cls(
            id=new_id(),
            tenant=new_id(),
            email=email,
            tenant_name=order.tenant_name.strip(),
            display_name=order.display_name.strip(),
            profile=_profile(order, email),
            terms_version=TERMS_VERSION,
            started_at=now,
        )


class ConfirmedRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """A registration whose code was given."""

    id: UUID
    tenant: UUID
    tenant_name: str
    display_name: str
    profile: Profile


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant at its founding, with the user who owns it."""

    id: UUID
    slug: str
    owner: UUID
    account: UUID
    owner_email: str
    registration: ConfirmedRegistration
    founded_at: datetime


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A login: one account, as one user of one tenant, for a limited time. An API key's has `scopes`, and its id."""

    id: UUID
    account: UUID
    tenant: UUID
    user: UUID
    role: Role
    plan: Plan = Plan.FREE
    scopes: frozenset[Permission] | None = None

    def actor(self) -> Actor:
        """Who acts in it."""
        return Actor(
            tenant=self.tenant,
            user=self.user,
            account=self.account,
            session=self.id,
            role=self.role,
            plan=self.plan,
            scopes=self.scopes,
        )


def slugs_for(tenant_name: str, tenant: UUID) -> list[str]:
    """Slugs to try for a new tenant, best first. The last one holds random digits of its id, and is free."""
    plain = unicodedata.normalize("NFKD", tenant_name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-") or "tenant"
    if len(base) < len("abc"):
        base = f"{base}-tenant"
    return [base, *(f"{base}-{number}" for number in range(2, 6)), f"{base[:27]}-{tenant.hex[-12:]}"]


def _profile(order: Register, email: str) -> Profile:
    return Profile(
        username=order.username or _username_from(email),
        phone=_phone(order),
        preferred_language=order.preferred_language,
        timezone=order.timezone or _DEFAULT_TIMEZONE,
        currency=order.currency or _DEFAULT_CURRENCY,
        first_name=_line(order.first_name),
        last_name=_line(order.last_name),
        company=_line(order.company),
        title=_line(order.title),
    )


def _phone(order: Register) -> str | None:
    return PhoneNumber.parse(order.phone, "phone", region=None).value if order.phone else None


def _line(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _username_from(email: str) -> str:
    local = re.sub(r"[^a-z0-9._-]+", "-", email.partition("@")[0])[:32]
    return local if len(local) > 1 else f"{local}-user"

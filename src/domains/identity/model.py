"""What people ask of identity, and what is kept of it."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.identity.naming import username_from
from domains.identity.passwords import PasswordText, must_be_strong
from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import ValidationFailed, together
from domains.shared.fields import (
    ONE_LINE,
    CompanyName,
    CurrencyCode,
    DisplayName,
    EmailText,
    FirstName,
    JobTitle,
    LanguageTag,
    LastName,
    PhoneText,
    TimezoneName,
    known_currency,
    known_timezone,
    trimmed,
)
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.wire import Command

TenantName = Annotated[str, Meta(min_length=2, max_length=100, pattern=ONE_LINE, examples=["Harbor Plumbing"])]
Username = Annotated[str, Meta(min_length=2, max_length=32, pattern=r"^[a-z0-9._-]{2,32}$(?!\n)", examples=["ada"])]
Slug = Annotated[
    str, Meta(min_length=3, max_length=40, pattern=r"^[a-z0-9-]{3,40}$(?!\n)", examples=["harbor-plumbing"])
]
CodeText = Annotated[str, Meta(min_length=6, max_length=6, pattern=r"^[0-9]{6}$(?!\n)", examples=["123456"])]

SecondCode = Annotated[
    str, Meta(min_length=6, max_length=20, pattern=r"^[0-9A-Za-z -]{6,20}$(?!\n)", examples=["123456"])
]

TERMS_VERSION = "2026-11"
_DEFAULT_TIMEZONE = "UTC"
_DEFAULT_CURRENCY = "USD"


class Register(Command, frozen=True):
    """A new tenant and its owner; with `tenantSlug` in place of `tenantName`, a member of a tenant that is there.

    `agreeToTerms` must be true; it is recorded with its time and version.
    """

    email: EmailText
    password: PasswordText
    display_name: DisplayName
    agree_to_terms: Literal[True]
    tenant_name: TenantName | None = None
    tenant_slug: Slug | None = None
    username: Username | None = None
    phone: PhoneText | None = None
    preferred_language: LanguageTag | None = None
    timezone: TimezoneName | None = None
    currency: CurrencyCode | None = None
    first_name: FirstName | None = None
    last_name: LastName | None = None
    company: CompanyName | None = None
    title: JobTitle | None = None


class VerifyEmail(Command, frozen=True):
    """The code that was mailed to an address.

    `password` is the one that was registered with. It is needed only where the address was registered more than once.
    """

    email: EmailText
    code: CodeText
    password: PasswordText | None = None


class ResendVerification(Command, frozen=True):
    """The address that waits for a code."""

    email: EmailText


class LogIn(Command, frozen=True):
    """Without `tenantSlug`, into the tenant last used. `code` is that of the second factor, or a recovery code.

    `rememberMe`: for 30 days without use in place of 24 hours.
    """

    email: EmailText
    password: PasswordText
    code: SecondCode | None = None
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
    """A tenant-to-be: it has its id reserved, and waits for its owner's address to be confirmed.

    One that `joins` a tenant, named by its slug, becomes a member of that one instead.
    """

    id: UUID
    tenant: UUID
    email: str
    tenant_name: str
    display_name: str
    profile: Profile
    terms_version: str
    started_at: datetime
    joins: str | None = None

    @classmethod
    def start(cls, order: Register, *, now: datetime) -> Self:
        """Raise `ValidationFailed` for a weak password, a blank name, or what is no address, number, zone, currency."""
        together(
            lambda: EmailAddress.parse(order.email, "email"),
            lambda: must_be_strong(order.password, "password", about=_known_of(order)),
            lambda: _tenant_name(order),
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
            tenant_name=_tenant_name(order),
            display_name=order.display_name.strip(),
            profile=_profile(order, email),
            terms_version=TERMS_VERSION,
            started_at=now,
            joins=order.tenant_slug,
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


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """A person who becomes a user of a tenant that is there. Where the username is taken, one like it is found."""

    id: UUID
    account: UUID
    role: Role
    email: str
    display_name: str
    profile: Profile
    joined_at: datetime


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed registration: whose account it is, and as which user of which tenant."""

    tenant: UUID
    slug: str
    email: str
    account: UUID
    user: UUID


def _profile(order: Register, email: str) -> Profile:
    return Profile(
        username=order.username or username_from(email),
        phone=_phone(order),
        preferred_language=order.preferred_language,
        timezone=order.timezone or _DEFAULT_TIMEZONE,
        currency=order.currency or _DEFAULT_CURRENCY,
        first_name=_line(order.first_name),
        last_name=_line(order.last_name),
        company=_line(order.company),
        title=_line(order.title),
    )


def _tenant_name(order: Register) -> str:
    """The slug stands in for the name of a tenant that is there: whoever registers knows no more of it."""
    if order.tenant_name is None and order.tenant_slug is not None:
        return order.tenant_slug
    if order.tenant_name is None or order.tenant_slug is not None:
        raise ValidationFailed.of("tenantName", "one_of", "Expected either tenantName or tenantSlug.")
    return trimmed(order.tenant_name, "tenantName", shortest=2)


def _known_of(order: Register) -> list[str]:
    """Words that whoever guesses the password knows."""
    return [order.email.partition("@")[0], order.tenant_name or "", order.display_name, order.username or ""]


def _phone(order: Register) -> str | None:
    return PhoneNumber.parse(order.phone, "phone", region=None).value if order.phone else None


def _line(text: str | None) -> str | None:
    return text.strip() or None if text else None

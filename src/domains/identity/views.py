"""What identity shows: users, tenants, and the answer to a login."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from domains.identity.model import Slug, TenantName, Username
from domains.shared.clock import Timestamp
from domains.shared.fields import (
    CurrencyCode,
    DisplayName,
    EmailText,
    LanguageTag,
    Line,
    PhoneText,
    TimezoneName,
)
from domains.shared.permissions import Role
from domains.shared.wire import View

Seconds = Annotated[int, Meta(ge=1, examples=[3600])]
Token = Annotated[str, Meta(max_length=2048, examples=["eyJhbGciOiJIUzI1NiJ9.e30.c2ln"])]


RefreshText = Annotated[
    str, Meta(min_length=1, max_length=200, examples=["fd_refresh_kTc0vSb2Jr1dY3WkzH1c6mQmYzqfYvN7o0aU4m3pX9E"])
]


class VerificationRequired(View, frozen=True):
    """A code is on its way, if the address can have one."""

    verification_required: Literal[True] = True


class UserView(View, frozen=True):
    """A user of a tenant, as its own person sees it."""

    id: UUID
    email: EmailText
    username: Username
    display_name: DisplayName
    first_name: Line | None
    last_name: Line | None
    role: Role
    company: Line | None
    title: Line | None
    phone: PhoneText | None
    preferred_language: LanguageTag | None
    timezone: TimezoneName | None
    email_verified: bool
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class TenantView(View, frozen=True):
    """The tenant that a token is bound to."""

    id: UUID
    slug: Slug
    name: TenantName
    timezone: TimezoneName
    currency: CurrencyCode
    locale: LanguageTag
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class MembershipView(View, frozen=True):
    """One of the tenants that a person belongs to."""

    id: UUID
    slug: Slug
    name: TenantName
    role: Role


class Identity(View, frozen=True):
    """Who is asking: the user, and the tenant of the token."""

    user: UserView
    tenant: TenantView


class TokenPair(View, frozen=True):
    """Tokens of one session, bound to one tenant. `expiresIn` counts seconds; the refresh token is good once."""

    access_token: Token
    refresh_token: RefreshText
    token_type: Literal["Bearer"]
    expires_in: Seconds


class SignedIn(TokenPair, frozen=True):
    """A login: the tokens, whose they are, and where else their person belongs."""

    user: UserView
    tenant: TenantView
    tenants: Annotated[tuple[MembershipView, ...], Meta(max_length=1000)]

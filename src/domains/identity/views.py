"""What identity shows: users, tenants, and the answer to a login."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from domains.identity.model import Slug, TenantName, Username
from domains.identity.profile_fields import (
    AvatarUrl,
    Bio,
    Certifications,
    LinkedIn,
    MemberType,
    NotificationPreferences,
    Preferences,
    Skills,
    Status,
    StatusMessage,
    WebAddress,
)
from domains.shared.clock import Timestamp
from domains.shared.fields import (
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
    Whereabouts,
)
from domains.shared.permissions import Role
from domains.shared.postal import PostalAddress
from domains.shared.wire import View

Seconds = Annotated[int, Meta(ge=1, examples=[3600])]
Token = Annotated[str, Meta(max_length=2048, examples=["eyJhbGciOiJIUzI1NiJ9.e30.c2ln"])]


RefreshText = Annotated[
    str, Meta(min_length=1, max_length=200, examples=["fd_refresh_kTc0vSb2Jr1dY3WkzH1c6mQmYzqfYvN7o0aU4m3pX9E"])
]


class VerificationRequired(View, frozen=True):
    """A code is on its way, if the address can have one."""

    verification_required: Literal[True] = True


class MailOnItsWay(View, frozen=True):
    """A letter is on its way, if the address can have one."""

    accepted: Literal[True] = True


class UserView(View, frozen=True):
    """A user of a tenant, as its own person sees it. `lastSeenAt` moves with logins and refreshes."""

    id: UUID
    email: EmailText
    username: Username
    display_name: DisplayName
    first_name: FirstName | None
    last_name: LastName | None
    role: Role
    member_type: MemberType | None
    member_since: date | None
    company: CompanyName | None
    title: JobTitle | None
    phone: PhoneText | None
    address: PostalAddress | None
    location: Whereabouts | None
    bio: Bio | None
    website: WebAddress | None
    linkedin: LinkedIn | None
    skills: Skills
    certifications: Certifications
    avatar_url: AvatarUrl | None
    status: Status
    status_message: StatusMessage | None
    last_seen_at: Timestamp | None
    preferred_language: LanguageTag | None
    timezone: TimezoneName | None
    preferences: Preferences
    notification_preferences: NotificationPreferences
    email_verified: bool
    is_active: bool
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
    """A user, and its tenant."""

    user: UserView
    tenant: TenantView


class SecondFactorState(View, frozen=True):
    """Whether a login asks for a second factor, with which kinds of code, and how many recovery codes are left."""

    enabled: bool
    methods: Annotated[tuple[Literal["totp", "recovery_code"], ...], Meta(max_length=2)]
    recovery_codes_left: Annotated[int, Meta(ge=0, examples=[10])]


class AccountState(View, frozen=True):
    """What an account has besides the user that is shown."""

    tenants: Annotated[tuple[MembershipView, ...], Meta(max_length=1000)]
    two_factor: SecondFactorState


class OwnIdentity(Identity, frozen=True):
    """Who is asking. An API key is told of its own tenant alone, and nothing of how its maker signs in."""

    tenants: Annotated[tuple[MembershipView, ...], Meta(max_length=1000)]
    two_factor: SecondFactorState | None


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

"""How a user is shown: to oneself, to the others of the tenant, and to its admins."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from msgspec import Meta

from domains.identity import (
    AvatarUrl,
    Bio,
    Certifications,
    LinkedIn,
    MemberType,
    Skills,
    Status,
    StatusMessage,
    Username,
    UserView,
    WebAddress,
)
from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import (
    City,
    CompanyName,
    DisplayName,
    EmailText,
    FirstName,
    JobTitle,
    LanguageTag,
    LastName,
    PhoneText,
    Region,
    TimezoneName,
    Whereabouts,
)
from domains.shared.permissions import Role
from domains.shared.postal import PostalAddress
from domains.shared.wire import View
from domains.users.model import Reason, User
from domains.users.visibility import FieldVisibility

_EMPTY: dict[str, tuple[object, ...]] = {"skills": (), "certifications": ()}


class PersonView(View, frozen=True):
    """A user as others of the tenant see it: what the person hides from the viewer is null or empty."""

    id: UUID
    username: Username
    display_name: DisplayName
    first_name: FirstName | None
    last_name: LastName | None
    role: Role
    member_type: MemberType | None
    member_since: date | None
    company: CompanyName | None
    title: JobTitle | None
    email: EmailText | None
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
    is_active: bool
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, user: User, viewer: Role) -> Self:
        """What somebody with the role `viewer` may see of `user`."""
        hidden = {
            name: _EMPTY.get(name)
            for name in FieldVisibility.__struct_fields__
            if user.field_visibility.hides(name, viewer)
        }
        return cls(**{**_fields_for(cls, user), **hidden})


class ProfileView(UserView, frozen=True):
    """A user as its own person sees it: everything, and who else may see what."""

    field_visibility: FieldVisibility

    @classmethod
    def own(cls, user: User) -> Self:
        return cls(**_fields_for(cls, user))


class ManagedUserView(PersonView, frozen=True):
    """A user as admins see it: nothing is hidden from them."""

    email: EmailText
    email_verified: bool
    suspended_at: Timestamp | None
    suspension_reason: Reason | None

    @classmethod
    def managed(cls, user: User) -> Self:
        return cls(**_fields_for(cls, user))


class ListedUserView(ManagedUserView, frozen=True):
    """A user in the list of admins. `openSessions` counts logins that have not ended."""

    last_login_at: Timestamp | None
    open_sessions: Annotated[int, Meta(ge=0)]

    @classmethod
    def listed(cls, user: User, last_login_at: datetime | None, open_sessions: int) -> Self:
        last = timestamp(last_login_at) if last_login_at else None
        return cls(**_fields_for(cls, user), last_login_at=last, open_sessions=open_sessions)


class FoundUserView(View, frozen=True):
    """A user in the results of a search."""

    id: UUID
    username: Username
    display_name: DisplayName
    title: JobTitle | None
    company: CompanyName | None
    email: EmailText | None
    phone: PhoneText | None
    avatar_url: AvatarUrl | None
    status: Status
    status_message: StatusMessage | None
    last_seen_at: Timestamp | None
    preferred_language: LanguageTag | None

    @classmethod
    def of(cls, user: User, viewer: Role) -> Self:
        shown = PersonView.of(user, viewer)
        return cls(**{name: getattr(shown, name) for name in cls.__struct_fields__})


class FoundUsers(View, frozen=True):
    """Those who fit best, the best first."""

    items: Annotated[tuple[FoundUserView, ...], Meta(max_length=100)]
    next_cursor: None = None


class DirectoryEntryView(View, frozen=True):
    """A user in the directory. It never holds a way to reach somebody; open the person for that."""

    id: UUID
    display_name: DisplayName
    first_name: FirstName | None
    last_name: LastName | None
    member_type: MemberType | None
    member_since: date | None
    company: CompanyName | None
    title: JobTitle | None
    location: Whereabouts | None
    city: City | None
    state: Region | None
    skills: Skills
    avatar_url: AvatarUrl | None
    status: Status

    @classmethod
    def of(cls, user: User, viewer: Role) -> Self:
        shown = PersonView.of(user, viewer)
        place = shown.address or PostalAddress()
        known = {name: getattr(shown, name) for name in cls.__struct_fields__ if name not in {"city", "state"}}
        return cls(**known, city=place.city, state=place.state)


def account_view(user: User) -> UserView:
    """A user as a login shows it."""
    return UserView(**_fields_for(UserView, user))


def _fields_for(view: type[View], user: User) -> dict[str, Any]:
    """What `view` shows of the entity; nothing is hidden."""
    known: dict[str, Any] = {name: getattr(user, name) for name in user.__struct_fields__}
    times = {name: value for name, value in known.items() if isinstance(value, datetime)}
    known |= {name: timestamp(value) for name, value in times.items()}
    known |= {"is_active": user.is_active, "email_verified": True, "avatar_url": None}
    return {name: known[name] for name in view.__struct_fields__ if name in known}

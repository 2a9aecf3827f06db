"""A user, and the rules of its record."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.identity import (
    Certification,
    MemberType,
    NotificationPreferences,
    Preferences,
    Status,
    StatusMessage,
)
from domains.shared.errors import Forbidden
from domains.shared.fields import ONE_LINE
from domains.shared.permissions import Role
from domains.shared.postal import PostalAddress
from domains.shared.versions import Resource
from domains.shared.wire import Command
from domains.users.profile import ChangeProfile, as_kept
from domains.users.visibility import FieldVisibility

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=ONE_LINE, examples=["Left the company"])]
GivenRole = Annotated[Role, Meta(examples=["staff"])]

_HIGHEST_FIRST = list(Role)
_MERGED: dict[str, type[msgspec.Struct]] = {
    "preferences": Preferences,
    "notification_preferences": NotificationPreferences,
    "field_visibility": FieldVisibility,
}


class SetStatus(Command, frozen=True):
    """The status, and what to say with it; without a message there is none."""

    status: Status
    message: StatusMessage | None = None


class ChangeUser(Command, frozen=True):
    """What admins change of somebody: an absent field stays as it is, `null` clears it."""

    role: GivenRole | UnsetType = UNSET
    member_type: MemberType | UnsetType | None = UNSET
    member_since: date | UnsetType | None = UNSET


class SuspendUser(Command, frozen=True):
    """Why somebody is suspended. The person is told."""

    reason: Reason


class User(Resource, kw_only=True):
    """An account inside one tenant: a person with a role and a profile."""

    role: Role
    email: str
    username: str
    display_name: str
    first_name: str | None
    last_name: str | None
    member_type: str | None
    member_since: date | None
    company: str | None
    title: str | None
    phone: str | None
    address: PostalAddress | None
    location: str | None
    bio: str | None
    website: str | None
    linkedin: str | None
    skills: tuple[str, ...]
    certifications: tuple[Certification, ...]
    status: Status
    status_message: str | None
    preferred_language: str | None
    timezone: str | None
    preferences: Preferences
    notification_preferences: NotificationPreferences
    field_visibility: FieldVisibility
    last_seen_at: datetime | None
    suspended_at: datetime | None
    suspension_reason: str | None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def is_active(self) -> bool:
        return not self.is_suspended

    def change_profile(self, order: ChangeProfile, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Where there are none, the version stays."""
        return self.take({name: _merged(self, name, value) for name, value in as_kept(order).items()}, now=now)

    def set_status(self, order: SetStatus, *, now: datetime) -> list[str]:
        message = order.message.strip() or None if order.message else None
        return self.take({"status": order.status, "status_message": message}, now=now)

    def change_membership(self, order: ChangeUser, *, now: datetime) -> list[str]:
        """Carry out all of `order`, and name what is different. The directory has the last word on the role."""
        return self.take(order.given(), now=now)

    def suspend(self, reason: str, *, now: datetime) -> None:
        self.take({"suspended_at": now, "suspension_reason": reason.strip()}, now=now)

    def activate(self, *, now: datetime) -> None:
        self.take({"suspended_at": None, "suspension_reason": None}, now=now)

    def must_not_be_above(self, role: Role) -> None:
        """Raise `Forbidden` where this user's role is above `role`."""
        if _HIGHEST_FIRST.index(self.role) < _HIGHEST_FIRST.index(role):
            raise Forbidden("Nobody may touch somebody above themselves.")


def must_be_given_by(giver: Role, role: Role | UnsetType) -> None:
    """Raise `Forbidden` where `role` is above the giver's own."""
    if role is not UNSET and _HIGHEST_FIRST.index(role) < _HIGHEST_FIRST.index(giver):
        raise Forbidden("Nobody may raise somebody above themselves.")


def _merged(user: User, name: str, value: Any) -> Any:
    """Of options, only those that are given change; `null` takes the defaults again."""
    kind = _MERGED.get(name)
    if kind is None:
        return value
    if value is None:
        return kind()
    return msgspec.structs.replace(getattr(user, name), **value.given())

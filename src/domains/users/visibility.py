"""Who may see which field of a person, as that person has chosen.

Names, role, kind of membership and status are for everyone in the tenant. Admins see everything.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import UNSET, UnsetType

from domains.shared.permissions import Role
from domains.shared.wire import Command


class Circle(StrEnum):
    """Those to whom a field is shown: each circle holds the ones after it."""

    EVERYONE = "everyone"
    STAFF = "staff"
    ADMINS = "admins"


CIRCLE_OF: Mapping[Role, Circle] = MappingProxyType(
    {Role.OWNER: Circle.ADMINS, Role.ADMIN: Circle.ADMINS, Role.STAFF: Circle.STAFF, Role.MEMBER: Circle.EVERYONE}
)
_OUTERMOST_FIRST = list(Circle)


class FieldVisibility(Command, frozen=True):
    """For each field that can be hidden, to whom it is shown. A new user shows no way to be reached to members."""

    email: Circle = Circle.STAFF
    phone: Circle = Circle.STAFF
    address: Circle = Circle.ADMINS
    location: Circle = Circle.EVERYONE
    company: Circle = Circle.EVERYONE
    title: Circle = Circle.EVERYONE
    bio: Circle = Circle.EVERYONE
    website: Circle = Circle.EVERYONE
    linkedin: Circle = Circle.EVERYONE
    skills: Circle = Circle.EVERYONE
    certifications: Circle = Circle.EVERYONE

    def shows(self, field: str, viewer: Role) -> bool:
        """Whether somebody with the role `viewer` may see `field`."""
        wanted: Circle = getattr(self, field)
        return _OUTERMOST_FIRST.index(wanted) <= _OUTERMOST_FIRST.index(CIRCLE_OF[viewer])

    def hides(self, field: str, viewer: Role) -> bool:
        return not self.shows(field, viewer)


class ChangeFieldVisibility(Command, frozen=True):
    """An absent field stays as it is."""

    email: Circle | UnsetType = UNSET
    phone: Circle | UnsetType = UNSET
    address: Circle | UnsetType = UNSET
    location: Circle | UnsetType = UNSET
    company: Circle | UnsetType = UNSET
    title: Circle | UnsetType = UNSET
    bio: Circle | UnsetType = UNSET
    website: Circle | UnsetType = UNSET
    linkedin: Circle | UnsetType = UNSET
    skills: Circle | UnsetType = UNSET
    certifications: Circle | UnsetType = UNSET

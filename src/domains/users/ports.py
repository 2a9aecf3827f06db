"""What users need from the world."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Role
from domains.users.model import User
from domains.users.views import DirectoryEntryView, FoundUsers, ListedUserView, PersonView, ProfileView


class DirectoryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Whom of the directory is wanted. `search` is in names, company, title and skills; all `skills` must be there."""

    search: str | None = None
    location: str | None = None
    skills: tuple[str, ...] | None = None
    member_type: str | None = None


class UserFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which users an admin wants to see. `registered_from` is included, `registered_before` is not."""

    search: str | None = None
    role: Role | None = None
    member_type: str | None = None
    suspended: bool | None = None
    registered_from: datetime | None = None
    registered_before: datetime | None = None


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a letter goes, and of which tenant it tells."""

    email: str
    display_name: str
    language: str | None
    tenant_name: str
    suspended_at: datetime | None
    suspension_reason: str | None


class Users(Protocol):
    """The tenant's users, to be changed. Those who are erased are not among them."""

    async def for_change(self, user_id: UUID) -> User:
        """The user, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, user: User) -> None:
        """Store all but the role and the suspension: those are the directory's. Raises `AlreadyExists` by username."""
        ...

    async def addressee(self, user_id: UUID) -> Addressee | None: ...


class Memberships(Protocol):
    """What users are in the tenant, where it counts. A change is made for `by`, whose present role is looked at again.

    Each raises `Forbidden` where somebody is above `by`, `LastOwner` where no other owner could act, and `NotFound`.
    """

    async def give_role(self, user_id: UUID, role: Role, *, by: UUID) -> None: ...

    async def suspend(self, user_id: UUID, *, by: UUID, now: datetime) -> None:
        """End the user's sessions, and let no new one begin."""
        ...

    async def activate(self, user_id: UUID, *, by: UUID) -> None: ...


class Departures(Protocol):
    """Taking a person out of the tenant."""

    async def take_out(self, user_id: UUID, *, by: UUID, now: datetime) -> None:
        """End the membership, its sessions, and the account if it has no other tenant; then erase. As `Memberships`."""
        ...

    async def erase(self, user_id: UUID, *, now: datetime) -> None:
        """Empty all that the tenant's tables declare to be personal about the user. Repeating it does no harm."""
        ...


class UserQueries(Protocol):
    """The tenant's users, to be read."""

    async def own(self) -> ProfileView:
        """The actor's own profile. Needs `profile:read`."""
        ...

    async def one(self, user_id: UUID) -> PersonView:
        """What the actor may see of somebody. Needs `users:read`. Raises `NotFound`."""
        ...

    async def search(self, text: str, *, limit: int) -> FoundUsers:
        """By name, e-mail address or phone number, the best first. Needs `users:read`."""
        ...

    async def directory(self, wanted: DirectoryFilter, request: PageRequest) -> Page[DirectoryEntryView]:
        """A page by name. Needs `users:read`."""
        ...

    async def managed(self, wanted: UserFilter, request: PageRequest) -> Page[ListedUserView]:
        """A page by `created_at` or `name`. Needs `users:manage`."""
        ...

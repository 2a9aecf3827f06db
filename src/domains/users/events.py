"""What happens to users. The subject is the user."""

from domains.shared.events import Event, FieldsChanged


class UserChanged(FieldsChanged, frozen=True):
    type = "user.updated"


class UserStatusChanged(Event, frozen=True):
    type = "user.status_changed"


class UserRoleChanged(Event, frozen=True):
    type = "user.role_changed"

    role: str


class UserSuspended(Event, frozen=True):
    type = "user.suspended"


class UserActivated(Event, frozen=True):
    type = "user.activated"


class UserErased(Event, frozen=True):
    """The person is out of the tenant, and what it held about them is erased."""

    type = "user.erased"

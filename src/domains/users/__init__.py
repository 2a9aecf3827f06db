"""Users: the people of a tenant, what they say of themselves, and what they are in it."""

from domains.identity import (
    Certification,
    MemberType,
    NotificationPreferences,
    Preferences,
    Skill,
    Status,
)
from domains.users.administration import Administration
from domains.users.errors import LastOwner
from domains.users.events import (
    UserActivated,
    UserChanged,
    UserErased,
    UserRoleChanged,
    UserStatusChanged,
    UserSuspended,
)
from domains.users.leaving import ERASE_AGAIN, ErasingAgain, Leaving
from domains.users.model import ChangeUser, SetStatus, SuspendUser, User
from domains.users.ports import (
    Addressee,
    Departures,
    DirectoryFilter,
    Memberships,
    UserFilter,
    UserQueries,
    Users,
)
from domains.users.profile import ChangeNotificationPreferences, ChangePreferences, ChangeProfile
from domains.users.profiles import Profiles
from domains.users.suspension_letters import MAIL_ACTIVATED, MAIL_SUSPENDED, SuspensionLetters
from domains.users.views import (
    DirectoryEntryView,
    FoundUsers,
    FoundUserView,
    ListedUserView,
    ManagedUserView,
    PersonView,
    ProfileView,
    account_view,
)
from domains.users.visibility import CIRCLE_OF, ChangeFieldVisibility, Circle, FieldVisibility

__all__ = [
    "CIRCLE_OF",
    "ERASE_AGAIN",
    "MAIL_ACTIVATED",
    "MAIL_SUSPENDED",
    "Addressee",
    "Administration",
    "Certification",
    "ChangeFieldVisibility",
    "ChangeNotificationPreferences",
    "ChangePreferences",
    "ChangeProfile",
    "ChangeUser",
    "Circle",
    "Departures",
    "DirectoryEntryView",
    "DirectoryFilter",
    "ErasingAgain",
    "FieldVisibility",
    "FoundUserView",
    "FoundUsers",
    "LastOwner",
    "Leaving",
    "ListedUserView",
    "ManagedUserView",
    "MemberType",
    "Memberships",
    "NotificationPreferences",
    "PersonView",
    "Preferences",
    "ProfileView",
    "Profiles",
    "SetStatus",
    "Skill",
    "Status",
    "SuspendUser",
    "SuspensionLetters",
    "User",
    "UserActivated",
    "UserChanged",
    "UserErased",
    "UserFilter",
    "UserQueries",
    "UserRoleChanged",
    "UserStatusChanged",
    "UserSuspended",
    "Users",
    "account_view",
]

"""Who hears of what, after the commit, and what the worker does with every kind of envelope."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domains.identity import MAIL_CODE, CodeWanted
from domains.users import ERASE_AGAIN, MAIL_ACTIVATED, MAIL_SUSPENDED, UserActivated, UserErased, UserSuspended
from workers.follow_ups import FollowUps
from workers.identity import IDENTITY_FOLLOW_UPS
from workers.users import USERS_FOLLOW_UPS

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        CodeWanted.type: (MAIL_CODE,),
        UserActivated.type: (MAIL_ACTIVATED,),
        UserErased.type: (ERASE_AGAIN,),
        UserSuspended.type: (MAIL_SUSPENDED,),
    }
)

FOLLOW_UPS: FollowUps = MappingProxyType({**IDENTITY_FOLLOW_UPS, **USERS_FOLLOW_UPS})

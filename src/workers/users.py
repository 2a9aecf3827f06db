"""What follows what happens to users."""

from types import MappingProxyType

from domains.users import ERASE_AGAIN, MAIL_ACTIVATED, MAIL_SUSPENDED, ErasingAgain, SuspensionLetters
from workers.follow_ups import FollowUps, after_the_commit

USERS_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        ERASE_AGAIN: after_the_commit(ErasingAgain, ErasingAgain.erase),
        MAIL_ACTIVATED: after_the_commit(SuspensionLetters, SuspensionLetters.tell_activated, settles=False),
        MAIL_SUSPENDED: after_the_commit(SuspensionLetters, SuspensionLetters.tell_suspended, settles=False),
    }
)

"""What follows in identity."""

from types import MappingProxyType

from domains.identity import FORGET_REGISTRATION, MAIL_CODE, Forgetting, VerificationLetters
from workers.follow_ups import FollowUps, after_the_commit, at_its_time

IDENTITY_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        FORGET_REGISTRATION: at_its_time(Forgetting, Forgetting.forget),
        MAIL_CODE: after_the_commit(VerificationLetters, VerificationLetters.send, settles=False),
    }
)

"""What follows in identity."""

from types import MappingProxyType

from domains.identity import (
    CLEAR_ENDED_KEYS,
    FORGET_REGISTRATION,
    MAIL_CODE,
    MAIL_EMAIL_CHANGE,
    MAIL_INVITATION,
    MAIL_JOINED,
    MAIL_PASSWORD_CHANGED,
    MAIL_RESET,
    MAIL_TWO_FACTOR_CHANGED,
    SPREAD_EMAIL,
    AccountLetters,
    EmailChangeFollowUp,
    EndedKeys,
    Forgetting,
    InvitationLetters,
    ResetLetters,
    VerificationLetters,
)
from workers.follow_ups import FollowUps, after_the_commit, at_its_time

IDENTITY_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        CLEAR_ENDED_KEYS: after_the_commit(EndedKeys, EndedKeys.clear, settles=False),
        FORGET_REGISTRATION: at_its_time(Forgetting, Forgetting.forget),
        MAIL_CODE: after_the_commit(VerificationLetters, VerificationLetters.send, settles=False),
        MAIL_EMAIL_CHANGE: after_the_commit(EmailChangeFollowUp, EmailChangeFollowUp.mail, settles=False),
        SPREAD_EMAIL: after_the_commit(EmailChangeFollowUp, EmailChangeFollowUp.spread, settles=False),
        MAIL_INVITATION: after_the_commit(InvitationLetters, InvitationLetters.send, settles=False),
        MAIL_JOINED: after_the_commit(AccountLetters, AccountLetters.joined, settles=False),
        MAIL_PASSWORD_CHANGED: after_the_commit(AccountLetters, AccountLetters.password_changed, settles=False),
        MAIL_RESET: after_the_commit(ResetLetters, ResetLetters.send, settles=False),
        MAIL_TWO_FACTOR_CHANGED: after_the_commit(AccountLetters, AccountLetters.two_factor_changed, settles=False),
    }
)

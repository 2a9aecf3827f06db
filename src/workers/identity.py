"""What follows in identity."""

from types import MappingProxyType

from domains.api_keys import CLEAR_ENDED_KEYS, EndedKeys
from domains.credentials import MAIL_EMAIL_CHANGE, MAIL_RESET, SPREAD_EMAIL, EmailChangeFollowUp, ResetLetters
from domains.identity import (
    FORGET_REGISTRATION,
    MAIL_CODE,
    MAIL_JOINED,
    MAIL_PASSWORD_CHANGED,
    MAIL_TWO_FACTOR_CHANGED,
    AccountLetters,
    Forgetting,
    VerificationLetters,
)
from domains.invitations import MAIL_INVITATION, InvitationLetters
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

"""Credentials: how people change, and get back, what they sign in with: address, password, second factor."""

from domains.credentials.changing_email import (
    MAIL_EMAIL_CHANGE,
    SPREAD_EMAIL,
    ChangeEmail,
    ChangingEmail,
    EmailChangeFollowUp,
    EmailChangeLink,
    EmailChanges,
    EmailChangeView,
    FollowingEmailLinks,
    Place,
    TwoAddresses,
)
from domains.credentials.changing_passwords import ChangePassword, ChangingPasswords
from domains.credentials.events import EmailChanged, EmailChangeWanted, PasswordChanged, ResetWanted
from domains.credentials.resetting_passwords import (
    MAIL_RESET,
    ForgotPassword,
    ResetLetters,
    ResetPassword,
    ResettingPasswords,
)
from domains.credentials.two_factor import (
    ConfirmTwoFactor,
    EnableTwoFactor,
    KeepingTwoFactor,
    ProveAgain,
    SettingUpTwoFactor,
    TwoFactorEnrolment,
    TwoFactorMethod,
)

__all__ = [
    "MAIL_EMAIL_CHANGE",
    "MAIL_RESET",
    "SPREAD_EMAIL",
    "ChangeEmail",
    "ChangePassword",
    "ChangingEmail",
    "ChangingPasswords",
    "ConfirmTwoFactor",
    "EmailChangeFollowUp",
    "EmailChangeLink",
    "EmailChangeView",
    "EmailChangeWanted",
    "EmailChanged",
    "EmailChanges",
    "EnableTwoFactor",
    "FollowingEmailLinks",
    "ForgotPassword",
    "KeepingTwoFactor",
    "PasswordChanged",
    "Place",
    "ProveAgain",
    "ResetLetters",
    "ResetPassword",
    "ResetWanted",
    "ResettingPasswords",
    "SettingUpTwoFactor",
    "TwoAddresses",
    "TwoFactorEnrolment",
    "TwoFactorMethod",
]

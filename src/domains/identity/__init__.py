"""Identity: people's accounts, their registrations and sessions, and the users they are in tenants."""

from domains.identity.account_letters import MAIL_JOINED, MAIL_PASSWORD_CHANGED, MAIL_TWO_FACTOR_CHANGED, AccountLetters
from domains.identity.changing_passwords import ChangePassword, ChangingPasswords
from domains.identity.codes import LIFETIME, MOST_TRIES, Codes
from domains.identity.confirming import Confirming
from domains.identity.errors import EmailNotVerified, InvalidToken, TextingDisabled, TwoFactorRequired
from domains.identity.events import (
    CodeWanted,
    MemberJoined,
    PasswordChanged,
    ResetWanted,
    TenantFounded,
    TwoFactorChanged,
)
from domains.identity.forgetting import FORGET_REGISTRATION, Forgetting
from domains.identity.joining import Founding, FoundTenant, Joining, JoinTenant, Memberships
from domains.identity.model import (
    Admission,
    ConfirmedRegistration,
    LogIn,
    NewTenant,
    NewUser,
    Profile,
    Register,
    Registration,
    ResendVerification,
    Session,
    VerifyEmail,
)
from domains.identity.password_ports import Home, Passwords, Recipient, Recipients, ResetRequest
from domains.identity.ports import (
    AccessTokens,
    Accounts,
    Attempts,
    Claim,
    CompletedRegistration,
    Credentials,
    IssuedCode,
    Letters,
    LiveSessions,
    Members,
    OpenedSession,
    PasswordHasher,
    Registrations,
    Tickets,
)
from domains.identity.proofs import CodeCheck, PasswordCheck
from domains.identity.recovery_codes import RecoveryCodes
from domains.identity.registering import Registering
from domains.identity.registration_proof import RegistrationCheck
from domains.identity.resetting_passwords import (
    MAIL_RESET,
    ForgotPassword,
    ResetLetters,
    ResetPassword,
    ResettingPasswords,
)
from domains.identity.second_factor_ports import Authenticator, Enrolment, SecondFactor, SecondFactors
from domains.identity.second_factor_proofs import LoginCheck, Reauthentication, SecondFactorCheck
from domains.identity.signing_in import Sessions, SigningIn
from domains.identity.tickets import SocketTicket, TicketGate, TicketOffice
from domains.identity.tokens import MailedLink
from domains.identity.two_factor import (
    ConfirmTwoFactor,
    EnableTwoFactor,
    KeepingTwoFactor,
    ProveAgain,
    SettingUpTwoFactor,
    TwoFactorEnrolment,
    TwoFactorMethod,
)
from domains.identity.verification_letters import MAIL_CODE, VerificationLetters
from domains.identity.views import (
    Identity,
    MailOnItsWay,
    MembershipView,
    SignedIn,
    TenantView,
    UserView,
    VerificationRequired,
)
from domains.identity.whoami import WhoAmI

__all__ = [
    "FORGET_REGISTRATION",
    "LIFETIME",
    "MAIL_CODE",
    "MAIL_JOINED",
    "MAIL_PASSWORD_CHANGED",
    "MAIL_RESET",
    "MAIL_TWO_FACTOR_CHANGED",
    "MOST_TRIES",
    "AccessTokens",
    "AccountLetters",
    "Accounts",
    "Admission",
    "Attempts",
    "Authenticator",
    "ChangePassword",
    "ChangingPasswords",
    "Claim",
    "CodeCheck",
    "CodeWanted",
    "Codes",
    "CompletedRegistration",
    "ConfirmTwoFactor",
    "ConfirmedRegistration",
    "Confirming",
    "Credentials",
    "EmailNotVerified",
    "EnableTwoFactor",
    "Enrolment",
    "Forgetting",
    "ForgotPassword",
    "FoundTenant",
    "Founding",
    "Home",
    "Identity",
    "InvalidToken",
    "IssuedCode",
    "JoinTenant",
    "Joining",
    "KeepingTwoFactor",
    "Letters",
    "LiveSessions",
    "LogIn",
    "LoginCheck",
    "MailOnItsWay",
    "MailedLink",
    "MemberJoined",
    "Members",
    "MembershipView",
    "Memberships",
    "NewTenant",
    "NewUser",
    "OpenedSession",
    "PasswordChanged",
    "PasswordCheck",
    "PasswordHasher",
    "Passwords",
    "Profile",
    "ProveAgain",
    "Reauthentication",
    "Recipient",
    "Recipients",
    "RecoveryCodes",
    "Register",
    "Registering",
    "Registration",
    "RegistrationCheck",
    "Registrations",
    "ResendVerification",
    "ResetLetters",
    "ResetPassword",
    "ResetRequest",
    "ResetWanted",
    "ResettingPasswords",
    "SecondFactor",
    "SecondFactorCheck",
    "SecondFactors",
    "Session",
    "Sessions",
    "SettingUpTwoFactor",
    "SignedIn",
    "SigningIn",
    "SocketTicket",
    "TenantFounded",
    "TenantView",
    "TextingDisabled",
    "TicketGate",
    "TicketOffice",
    "Tickets",
    "TwoFactorChanged",
    "TwoFactorEnrolment",
    "TwoFactorMethod",
    "TwoFactorRequired",
    "UserView",
    "VerificationLetters",
    "VerificationRequired",
    "VerifyEmail",
    "WhoAmI",
]

"""Identity: people's accounts, their registrations and sessions, and the users they are in tenants."""

from domains.identity.codes import LIFETIME, MOST_TRIES, Codes
from domains.identity.errors import EmailNotVerified
from domains.identity.events import CodeWanted, TenantFounded
from domains.identity.forgetting import FORGET_REGISTRATION, Forgetting
from domains.identity.model import (
    ConfirmedRegistration,
    LogIn,
    NewTenant,
    Profile,
    Register,
    Registration,
    ResendVerification,
    Session,
    Username,
    VerifyEmail,
)
from domains.identity.ports import (
    AccessTokens,
    Accounts,
    Attempts,
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
from domains.identity.registering import Confirming, Registering
from domains.identity.signing_in import Sessions, SigningIn
from domains.identity.tickets import SocketTicket, TicketGate, TicketOffice
from domains.identity.verification_letters import MAIL_CODE, VerificationLetters
from domains.identity.views import (
    Identity,
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
    "MOST_TRIES",
    "AccessTokens",
    "Accounts",
    "Attempts",
    "CodeCheck",
    "CodeWanted",
    "Codes",
    "CompletedRegistration",
    "ConfirmedRegistration",
    "Confirming",
    "Credentials",
    "EmailNotVerified",
    "Forgetting",
    "Identity",
    "IssuedCode",
    "Letters",
    "LiveSessions",
    "LogIn",
    "Members",
    "MembershipView",
    "NewTenant",
    "OpenedSession",
    "PasswordCheck",
    "PasswordHasher",
    "Profile",
    "Register",
    "Registering",
    "Registration",
    "Registrations",
    "ResendVerification",
    "Session",
    "Sessions",
    "SignedIn",
    "SigningIn",
    "SocketTicket",
    "TenantFounded",
    "TenantView",
    "TicketGate",
    "TicketOffice",
    "Tickets",
    "UserView",
    "Username",
    "VerificationLetters",
    "VerificationRequired",
    "VerifyEmail",
    "WhoAmI",
]

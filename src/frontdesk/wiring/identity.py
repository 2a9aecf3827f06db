"""Identity's parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.identity import (
    Accounts,
    Attempts,
    CodeCheck,
    Confirming,
    Forgetting,
    Members,
    PasswordCheck,
    Registering,
    Registrations,
    Sessions,
    SigningIn,
    TicketOffice,
    VerificationLetters,
    WhoAmI,
)
from infra.postgres.attempts import PostgresAttempts
from infra.postgres.identity import PostgresAccounts, PostgresRegistrations
from infra.postgres.members import PostgresMembers


class IdentityParts(Provider):
    """Accounts, registrations and sessions."""

    scope = Scope.REQUEST

    registrations = provide(PostgresRegistrations, provides=Registrations)
    accounts = provide(PostgresAccounts, provides=Accounts)
    members = provide(PostgresMembers, provides=Members)
    attempts = provide(PostgresAttempts, provides=Attempts)

    password_check = provide(PasswordCheck)
    code_check = provide(CodeCheck)
    registering = provide(Registering)
    confirming = provide(Confirming)
    forgetting = provide(Forgetting)
    verification_letters = provide(VerificationLetters)
    opening = provide(Sessions)
    signing_in = provide(SigningIn)
    who_am_i = provide(WhoAmI)
    ticket_office = provide(TicketOffice)

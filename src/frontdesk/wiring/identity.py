"""Identity's parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.api_keys import EndedKeys
from domains.credentials import (
    ChangingEmail,
    ChangingPasswords,
    EmailChangeFollowUp,
    EmailChanges,
    FollowingEmailLinks,
    KeepingTwoFactor,
    ResetLetters,
    ResettingPasswords,
    SettingUpTwoFactor,
)
from domains.identity import (
    AccountKeeping,
    AccountLetters,
    AccountLines,
    Accounts,
    Attempts,
    CodeCheck,
    Confirming,
    Forgetting,
    Founding,
    Joining,
    LoginCheck,
    Members,
    Memberships,
    PasswordCheck,
    Passwords,
    Reauthentication,
    Recipients,
    Registering,
    RegistrationCheck,
    Registrations,
    SecondFactorCheck,
    SecondFactors,
    Sessions,
    SigningIn,
    TicketOffice,
    VerificationLetters,
    WhoAmI,
)
from domains.invitations import (
    AcceptingInvitations,
    Entry,
    InvitationLetters,
    InvitationQueries,
    Invitations,
    InviteeCheck,
    Inviting,
)
from infra.postgres.account_lines import PostgresAccountLines
from infra.postgres.attempts import PostgresAttempts
from infra.postgres.email_changes import PostgresEmailChanges
from infra.postgres.identity import PostgresAccounts, PostgresRegistrations
from infra.postgres.invitations import PostgresInvitationQueries, PostgresInvitations
from infra.postgres.members import PostgresMembers
from infra.postgres.memberships import PostgresMemberships
from infra.postgres.passwords import PostgresPasswords, PostgresRecipients
from infra.postgres.second_factors import LockedFactors, PostgresSecondFactors


class IdentityParts(Provider):
    """Accounts, registrations and sessions."""

    scope = Scope.REQUEST

    registrations = provide(PostgresRegistrations, provides=Registrations)
    accounts = provide(PostgresAccounts, provides=Accounts)
    members = provide(PostgresMembers, provides=Members)
    attempts = provide(PostgresAttempts, provides=Attempts)
    passwords = provide(PostgresPasswords, provides=Passwords)
    recipients = provide(PostgresRecipients, provides=Recipients)

    password_check = provide(PasswordCheck)
    code_check = provide(CodeCheck)
    registration_check = provide(RegistrationCheck)
    registering = provide(Registering)
    confirming = provide(Confirming)
    forgetting = provide(Forgetting)
    verification_letters = provide(VerificationLetters)
    opening = provide(Sessions)
    signing_in = provide(SigningIn)
    who_am_i = provide(WhoAmI)
    changing_passwords = provide(ChangingPasswords)
    resetting_passwords = provide(ResettingPasswords)
    reset_letters = provide(ResetLetters)
    account_letters = provide(AccountLetters)
    second_factors = provide(PostgresSecondFactors, provides=SecondFactors)
    locked_factors = provide(LockedFactors)
    second_factor_check = provide(SecondFactorCheck)
    login_check = provide(LoginCheck)
    reauthentication = provide(Reauthentication)
    setting_up_two_factor = provide(SettingUpTwoFactor)
    keeping_two_factor = provide(KeepingTwoFactor)
    memberships = provide(PostgresMemberships, provides=Memberships)
    joining = provide(Joining)
    founding = provide(Founding)
    invitations = provide(PostgresInvitations, provides=Invitations)
    invitation_queries = provide(PostgresInvitationQueries, provides=InvitationQueries)
    inviting = provide(Inviting)
    invitation_letters = provide(InvitationLetters)
    invitee_check = provide(InviteeCheck)
    entry = provide(Entry)
    accepting_invitations = provide(AcceptingInvitations)
    email_changes = provide(PostgresEmailChanges, provides=EmailChanges)
    changing_email = provide(ChangingEmail)
    ended_keys = provide(EndedKeys)
    following_email_links = provide(FollowingEmailLinks)
    email_change_follow_up = provide(EmailChangeFollowUp)
    ticket_office = provide(TicketOffice)
    account_lines = provide(PostgresAccountLines, provides=AccountLines)
    account_keeping = provide(AccountKeeping)

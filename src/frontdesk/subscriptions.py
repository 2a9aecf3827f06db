"""Who hears of what: in the same transaction, and after the commit; and what the worker does with every envelope."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domains.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMissed,
    WaitingListJoined,
    WaitingListLeft,
    WaitingListOffered,
)
from domains.customers import (
    CustomerArchived,
    CustomerChanged,
    CustomerCreated,
    CustomerMergedAway,
    CustomerRestored,
    CustomersImported,
    CustomerUnmerged,
    NoteAdded,
    Timeline,
)
from domains.customers.importing import ImportTimelines
from domains.identity import (
    CLEAR_ENDED_KEYS,
    MAIL_CODE,
    MAIL_EMAIL_CHANGE,
    MAIL_INVITATION,
    MAIL_JOINED,
    MAIL_PASSWORD_CHANGED,
    MAIL_RESET,
    MAIL_TWO_FACTOR_CHANGED,
    SPREAD_EMAIL,
    CodeWanted,
    EmailChanged,
    EmailChangeWanted,
    InvitationMade,
    MemberJoined,
    PasswordChanged,
    ResetWanted,
    TwoFactorChanged,
)
from domains.quotes import QuoteAccepted, QuoteCreated, QuoteDeleted, QuoteExpired, QuoteRejected, QuoteSent
from domains.tenants import MAIL_CLOSED, MAIL_REOPENED, TenantClosed, TenantReopened
from domains.users import ERASE_AGAIN, MAIL_ACTIVATED, MAIL_SUSPENDED, UserActivated, UserErased, UserSuspended
from infra.postgres.customer_timeline import PostgresTimelineEntries
from infra.postgres.work import InsideSubscriptions, PostgresWork
from workers.appointments import APPOINTMENT_FOLLOW_UPS
from workers.customer_imports import CUSTOMER_IMPORT_FOLLOW_UPS
from workers.follow_ups import FollowUps
from workers.identity import IDENTITY_FOLLOW_UPS
from workers.inbox import INBOX_FOLLOW_UPS
from workers.job_files import JOB_FOLLOW_UPS
from workers.letters import LETTERS_FOLLOW_UPS
from workers.quotes import QUOTES_FOLLOW_UPS
from workers.tenants import TENANT_FOLLOW_UPS
from workers.users import USERS_FOLLOW_UPS


def timeline(work: PostgresWork) -> Timeline:
    return Timeline(PostgresTimelineEntries(work))


def import_timelines(work: PostgresWork) -> ImportTimelines:
    return ImportTimelines(PostgresTimelineEntries(work))


_OF_A_CUSTOMER = (
    CustomerArchived,
    CustomerChanged,
    CustomerCreated,
    CustomerMergedAway,
    CustomerRestored,
    CustomerUnmerged,
    NoteAdded,
)
_OF_A_QUOTE = (QuoteAccepted, QuoteCreated, QuoteDeleted, QuoteExpired, QuoteRejected, QuoteSent)
_OF_A_VISIT = (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMissed,
    WaitingListJoined,
    WaitingListLeft,
    WaitingListOffered,
)
_TOLD = (*_OF_A_CUSTOMER, *_OF_A_QUOTE, *_OF_A_VISIT)

INSIDE: InsideSubscriptions = MappingProxyType(
    {**{event.type: (timeline,) for event in _TOLD}, CustomersImported.type: (import_timelines,)}
)

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        CodeWanted.type: (MAIL_CODE,),
        EmailChanged.type: (SPREAD_EMAIL,),
        EmailChangeWanted.type: (MAIL_EMAIL_CHANGE,),
        InvitationMade.type: (MAIL_INVITATION,),
        MemberJoined.type: (MAIL_JOINED,),
        PasswordChanged.type: (MAIL_PASSWORD_CHANGED, CLEAR_ENDED_KEYS),
        ResetWanted.type: (MAIL_RESET,),
        TenantClosed.type: (MAIL_CLOSED,),
        TenantReopened.type: (MAIL_REOPENED,),
        TwoFactorChanged.type: (MAIL_TWO_FACTOR_CHANGED,),
        UserActivated.type: (MAIL_ACTIVATED,),
        UserErased.type: (ERASE_AGAIN,),
        UserSuspended.type: (MAIL_SUSPENDED,),
    }
)

FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        **APPOINTMENT_FOLLOW_UPS,
        **CUSTOMER_IMPORT_FOLLOW_UPS,
        **IDENTITY_FOLLOW_UPS,
        **INBOX_FOLLOW_UPS,
        **JOB_FOLLOW_UPS,
        **LETTERS_FOLLOW_UPS,
        **QUOTES_FOLLOW_UPS,
        **TENANT_FOLLOW_UPS,
        **USERS_FOLLOW_UPS,
    }
)

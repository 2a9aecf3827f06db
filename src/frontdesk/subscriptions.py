"""Who hears of what: in the same transaction, and after the commit; and what the worker does with every envelope."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domains.api_keys import CLEAR_ENDED_KEYS
from domains.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMissed,
    AppointmentReminded,
    BookingPolicyChanged,
    ResourceChanged,
    ScheduleChanged,
    ServiceChanged,
    WaitingListJoined,
    WaitingListLeft,
    WaitingListOffered,
)
from domains.appointments.freed_times import OFFER_OPENED
from domains.credentials import (
    MAIL_EMAIL_CHANGE,
    MAIL_RESET,
    SPREAD_EMAIL,
    EmailChanged,
    EmailChangeWanted,
    PasswordChanged,
    ResetWanted,
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
    MAIL_CODE,
    MAIL_JOINED,
    MAIL_PASSWORD_CHANGED,
    MAIL_TWO_FACTOR_CHANGED,
    CodeWanted,
    MemberJoined,
    TwoFactorChanged,
)
from domains.invitations import MAIL_INVITATION, InvitationMade
from domains.invoices import (
    InvoiceCancelled,
    InvoiceCreated,
    InvoiceCredited,
    InvoiceDeleted,
    InvoiceDepositPaid,
    InvoiceIssued,
    InvoiceOverdue,
    InvoicePaid,
    InvoicePartiallyPaid,
    InvoiceReminded,
    InvoiceReopened,
)
from domains.payments import (
    WITHDRAW_AFTER,
    DisputeClosed,
    DocumentBooking,
    PaymentCancelled,
    PaymentCreated,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentSucceeded,
    RefundFailed,
)
from domains.quotes import (
    QuoteAccepted,
    QuoteConverted,
    QuoteCreated,
    QuoteDeleted,
    QuoteExpired,
    QuoteRejected,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
)
from domains.tenants import MAIL_CLOSED, MAIL_REOPENED, TenantChanged, TenantClosed, TenantReopened
from domains.users import ERASE_AGAIN, MAIL_ACTIVATED, MAIL_SUSPENDED, UserActivated, UserErased, UserSuspended
from infra.postgres.customer_timeline import PostgresTimelineEntries
from infra.postgres.payments import PostgresLedger
from infra.postgres.work import InsideSubscriptions, PostgresWork
from workers.appointments import APPOINTMENT_FOLLOW_UPS
from workers.customer_imports import CUSTOMER_IMPORT_FOLLOW_UPS
from workers.follow_ups import FollowUps
from workers.identity import IDENTITY_FOLLOW_UPS
from workers.inbox import INBOX_FOLLOW_UPS
from workers.invoices import INVOICES_FOLLOW_UPS
from workers.job_files import JOB_FOLLOW_UPS
from workers.letters import LETTERS_FOLLOW_UPS
from workers.payments import PAYMENTS_FOLLOW_UPS
from workers.quotes import QUOTES_FOLLOW_UPS
from workers.tenants import TENANT_FOLLOW_UPS
from workers.users import USERS_FOLLOW_UPS


def timeline(work: PostgresWork) -> Timeline:
    return Timeline(PostgresTimelineEntries(work))


def import_timelines(work: PostgresWork) -> ImportTimelines:
    return ImportTimelines(PostgresTimelineEntries(work))


def books(work: PostgresWork) -> DocumentBooking:
    return DocumentBooking(PostgresLedger(work))


_OF_A_CUSTOMER = (
    CustomerArchived,
    CustomerChanged,
    CustomerCreated,
    CustomerMergedAway,
    CustomerRestored,
    CustomerUnmerged,
    NoteAdded,
)
_OF_A_QUOTE = (
    QuoteAccepted,
    QuoteConverted,
    QuoteCreated,
    QuoteDeleted,
    QuoteExpired,
    QuoteRejected,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
)
_OF_AN_INVOICE = (
    InvoiceCancelled,
    InvoiceCreated,
    InvoiceCredited,
    InvoiceDeleted,
    InvoiceDepositPaid,
    InvoiceIssued,
    InvoiceOverdue,
    InvoicePaid,
    InvoicePartiallyPaid,
    InvoiceReminded,
    InvoiceReopened,
)
_OF_A_PAYMENT = (
    DisputeClosed,
    PaymentCancelled,
    PaymentCreated,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentSucceeded,
    RefundFailed,
)
_BOOKED = (InvoiceCancelled, InvoiceCredited, InvoiceIssued)
_OF_A_VISIT = (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMissed,
    AppointmentReminded,
    WaitingListJoined,
    WaitingListLeft,
    WaitingListOffered,
)
_TOLD = (*_OF_A_CUSTOMER, *_OF_A_QUOTE, *_OF_AN_INVOICE, *_OF_A_PAYMENT, *_OF_A_VISIT)

INSIDE: InsideSubscriptions = MappingProxyType(
    {
        **{event.type: (timeline,) for event in _TOLD},
        **{event.type: (timeline, books) for event in _BOOKED},
        CustomersImported.type: (import_timelines,),
    }
)

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        BookingPolicyChanged.type: (OFFER_OPENED,),
        CodeWanted.type: (MAIL_CODE,),
        EmailChanged.type: (SPREAD_EMAIL,),
        EmailChangeWanted.type: (MAIL_EMAIL_CHANGE,),
        InvitationMade.type: (MAIL_INVITATION,),
        InvoiceCancelled.type: (WITHDRAW_AFTER,),
        InvoiceCredited.type: (WITHDRAW_AFTER,),
        MemberJoined.type: (MAIL_JOINED,),
        PasswordChanged.type: (MAIL_PASSWORD_CHANGED, CLEAR_ENDED_KEYS),
        ResetWanted.type: (MAIL_RESET,),
        ResourceChanged.type: (OFFER_OPENED,),
        ScheduleChanged.type: (OFFER_OPENED,),
        ServiceChanged.type: (OFFER_OPENED,),
        TenantChanged.type: (OFFER_OPENED,),
        TenantClosed.type: (MAIL_CLOSED,),
        TenantReopened.type: (MAIL_REOPENED,),
        TwoFactorChanged.type: (MAIL_TWO_FACTOR_CHANGED,),
        UserActivated.type: (MAIL_ACTIVATED, OFFER_OPENED),
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
        **INVOICES_FOLLOW_UPS,
        **JOB_FOLLOW_UPS,
        **LETTERS_FOLLOW_UPS,
        **PAYMENTS_FOLLOW_UPS,
        **QUOTES_FOLLOW_UPS,
        **TENANT_FOLLOW_UPS,
        **USERS_FOLLOW_UPS,
    }
)

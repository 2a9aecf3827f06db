"""Which events go to open sockets, as which frame, and who may hear it."""

from collections.abc import Mapping
from types import MappingProxyType

from domains.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMissed,
    AppointmentReminded,
    WaitingListBooked,
    WaitingListJoined,
    WaitingListLeft,
    WaitingListOffered,
    WaitingListPassed,
)
from domains.customers import (
    CustomerArchived,
    CustomerChanged,
    CustomerCreated,
    CustomerDeleted,
    CustomerErased,
    CustomerMergedAway,
    CustomerRestored,
    CustomersImported,
    CustomerUnmerged,
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRemoved,
)
from domains.invoices import (
    InvoiceCancelled,
    InvoiceChanged,
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
    DisputeClosed,
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
    QuoteChanged,
    QuoteConverted,
    QuoteCreated,
    QuoteDeleted,
    QuoteExpired,
    QuoteRejected,
    QuoteReleased,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
)
from domains.shared.live import FrameKind
from domains.shared.permissions import Permission
from domains.tenants import FeaturesChanged, TenantChanged, TenantClosed, TenantReopened
from domains.users import UserActivated, UserChanged, UserErased, UserStatusChanged, UserSuspended


def _appointment(change: str) -> FrameKind:
    return FrameKind(event="appointment:changed", change=change, audience=Permission.APPOINTMENTS_READ)


def _customer(change: str) -> FrameKind:
    return FrameKind(event="customer:changed", change=change, audience=Permission.CUSTOMERS_READ)


def _customer_field(change: str) -> FrameKind:
    return FrameKind(event="customer-field:changed", change=change, audience=Permission.CUSTOMERS_READ)


def _invoice(change: str) -> FrameKind:
    return FrameKind(event="invoice:updated", change=change, audience=Permission.INVOICES_READ)


def _payment(change: str) -> FrameKind:
    return FrameKind(event="payment:updated", change=change, audience=Permission.PAYMENTS_READ)


def _quote(change: str) -> FrameKind:
    return FrameKind(event="quote:updated", change=change, audience=Permission.QUOTES_READ)


def _tenant(change: str) -> FrameKind:
    return FrameKind(event="tenant:changed", change=change, audience=Permission.TENANT_READ)


def _user(change: str) -> FrameKind:
    return FrameKind(event="user:changed", change=change, audience=Permission.USERS_READ)


def _waiting(change: str) -> FrameKind:
    return FrameKind(event="waiting_list:changed", change=change, audience=Permission.APPOINTMENTS_READ)


FRAMES: Mapping[str, FrameKind] = MappingProxyType(
    {
        AppointmentBooked.type: _appointment("booked"),
        AppointmentCancelled.type: _appointment("cancelled"),
        AppointmentChanged.type: _appointment("updated"),
        AppointmentCompleted.type: _appointment("completed"),
        AppointmentConfirmed.type: _appointment("confirmed"),
        AppointmentMissed.type: _appointment("missed"),
        AppointmentReminded.type: _appointment("reminded"),
        CustomerCreated.type: _customer("created"),
        CustomerChanged.type: _customer("updated"),
        CustomerArchived.type: _customer("archived"),
        CustomersImported.type: FrameKind(
            event="customers:imported", change="imported", audience=Permission.CUSTOMERS_READ
        ),
        CustomerDeleted.type: _customer("deleted"),
        CustomerErased.type: _customer("erased"),
        CustomerMergedAway.type: _customer("merged"),
        CustomerRestored.type: _customer("restored"),
        CustomerUnmerged.type: _customer("unmerged"),
        CustomFieldChanged.type: _customer_field("updated"),
        CustomFieldDefined.type: _customer_field("created"),
        CustomFieldRemoved.type: _customer_field("deleted"),
        FeaturesChanged.type: FrameKind(event="features:changed", change="updated", audience=Permission.FEATURES_READ),
        InvoiceCancelled.type: _invoice("cancelled"),
        InvoiceChanged.type: _invoice("updated"),
        InvoiceCreated.type: _invoice("created"),
        InvoiceCredited.type: _invoice("credited"),
        InvoiceDeleted.type: _invoice("deleted"),
        InvoiceDepositPaid.type: _invoice("deposit_paid"),
        InvoiceIssued.type: _invoice("issued"),
        InvoiceOverdue.type: _invoice("overdue"),
        InvoicePaid.type: _invoice("paid"),
        InvoicePartiallyPaid.type: _invoice("partially_paid"),
        InvoiceReminded.type: _invoice("reminded"),
        InvoiceReopened.type: _invoice("reopened"),
        DisputeClosed.type: _payment("dispute_closed"),
        PaymentCancelled.type: _payment("cancelled"),
        PaymentCreated.type: _payment("created"),
        PaymentDisputed.type: _payment("disputed"),
        PaymentFailed.type: _payment("failed"),
        PaymentRefunded.type: _payment("refunded"),
        PaymentSucceeded.type: _payment("succeeded"),
        RefundFailed.type: _payment("refund_failed"),
        QuoteAccepted.type: _quote("accepted"),
        QuoteChanged.type: _quote("updated"),
        QuoteConverted.type: _quote("converted"),
        QuoteCreated.type: _quote("created"),
        QuoteDeleted.type: _quote("deleted"),
        QuoteExpired.type: _quote("expired"),
        QuoteRejected.type: _quote("rejected"),
        QuoteReleased.type: _quote("released"),
        QuoteRevised.type: _quote("revised"),
        QuoteSent.type: _quote("sent"),
        QuoteSuperseded.type: _quote("superseded"),
        TenantChanged.type: _tenant("updated"),
        TenantClosed.type: _tenant("closed"),
        TenantReopened.type: _tenant("reopened"),
        UserChanged.type: _user("updated"),
        UserSuspended.type: _user("suspended"),
        UserActivated.type: _user("activated"),
        UserErased.type: _user("erased"),
        UserStatusChanged.type: FrameKind(event="presence:changed", change="status", audience=Permission.USERS_READ),
        WaitingListBooked.type: _waiting("booked"),
        WaitingListJoined.type: _waiting("joined"),
        WaitingListLeft.type: _waiting("left"),
        WaitingListOffered.type: _waiting("offered"),
        WaitingListPassed.type: _waiting("passed"),
    }
)

AUDIENCES: Mapping[str, str] = MappingProxyType({name: kind.audience.value for name, kind in FRAMES.items()})

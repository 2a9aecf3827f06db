"""Payments: money that customers pay, and that goes back, and the ledger of all of it."""

from domains.payments.applying import ProviderApplier
from domains.payments.booking import DocumentBooking
from domains.payments.bookkeeping import Bookkeeping
from domains.payments.collecting import Asking, Begun, Collecting, PayingPublicly
from domains.payments.commands import CreateIntent, PayPublicly, RecordPayment, RefundPayment
from domains.payments.disputes import Dispute
from domains.payments.errors import Overrefund, ProviderError
from domains.payments.events import (
    DisputeClosed,
    PaymentCancelled,
    PaymentCreated,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentSucceeded,
    RefundFailed,
)
from domains.payments.fees import BalanceBooking, Fee, Fees, FeeTold, PayoutTold
from domains.payments.hearing import PLATFORM, PROVIDER, Hearing
from domains.payments.ledger import Account, Entry, EntryKind, Ledger, Posting
from domains.payments.model import Payment, Refund
from domains.payments.news import INTENT_ROUTE, MAIL_RECEIPT, Knowing, News
from domains.payments.ports import LedgerFilter, PaymentFilter, PaymentQueries, Payments
from domains.payments.printing import ReceiptPrinting
from domains.payments.provider import (
    Cards,
    DisputeTold,
    EventReader,
    IntentTold,
    OpenIntent,
    ProviderAccount,
    ProviderAccounts,
    ProviderEvent,
    RefundTold,
    Told,
)
from domains.payments.proving import EventWatch, Proving, Suspicion
from domains.payments.receipts import Receipts, ReceiptWriting
from domains.payments.reconciling import (
    Finding,
    ProviderBook,
    Reconciliation,
    ReconciliationQueries,
    Reconciliations,
    ReconciliationView,
    Reconciling,
)
from domains.payments.refunding import Refunding, Returning
from domains.payments.settling import (
    RECONCILE,
    SETTLE_INTENT,
    SETTLE_REFUND,
    WITHDRAW_AFTER,
    WITHDRAW_INTENT,
    Resettling,
    Settling,
)
from domains.payments.statements import (
    Booked,
    CustomerAccounts,
    OpenInvoice,
    StatementPrinting,
    Statements,
    StatementTerms,
    StatementView,
)
from domains.payments.status import (
    DisputeStatus,
    IntentState,
    PaymentMethod,
    PaymentStatus,
    RefundReason,
    RefundStatus,
)
from domains.payments.taking import Taking, TillKeeping
from domains.payments.views import (
    BalanceView,
    EntryView,
    IntentView,
    PaymentView,
    PostingView,
    RefundView,
)

__all__ = [
    "INTENT_ROUTE",
    "MAIL_RECEIPT",
    "PLATFORM",
    "PROVIDER",
    "RECONCILE",
    "SETTLE_INTENT",
    "SETTLE_REFUND",
    "WITHDRAW_AFTER",
    "WITHDRAW_INTENT",
    "Account",
    "Asking",
    "BalanceBooking",
    "BalanceView",
    "Begun",
    "Booked",
    "Bookkeeping",
    "Cards",
    "Collecting",
    "CreateIntent",
    "CustomerAccounts",
    "Dispute",
    "DisputeClosed",
    "DisputeStatus",
    "DisputeTold",
    "DocumentBooking",
    "Entry",
    "EntryKind",
    "EntryView",
    "EventReader",
    "EventWatch",
    "Fee",
    "FeeTold",
    "Fees",
    "Finding",
    "Hearing",
    "IntentState",
    "IntentTold",
    "IntentView",
    "Knowing",
    "Ledger",
    "LedgerFilter",
    "News",
    "OpenIntent",
    "OpenInvoice",
    "Overrefund",
    "PayPublicly",
    "PayingPublicly",
    "Payment",
    "PaymentCancelled",
    "PaymentCreated",
    "PaymentDisputed",
    "PaymentFailed",
    "PaymentFilter",
    "PaymentMethod",
    "PaymentQueries",
    "PaymentRefunded",
    "PaymentStatus",
    "PaymentSucceeded",
    "PaymentView",
    "Payments",
    "PayoutTold",
    "Posting",
    "PostingView",
    "ProviderAccount",
    "ProviderAccounts",
    "ProviderApplier",
    "ProviderBook",
    "ProviderError",
    "ProviderEvent",
    "Proving",
    "ReceiptPrinting",
    "ReceiptWriting",
    "Receipts",
    "Reconciliation",
    "ReconciliationQueries",
    "ReconciliationView",
    "Reconciliations",
    "Reconciling",
    "RecordPayment",
    "Refund",
    "RefundFailed",
    "RefundPayment",
    "RefundReason",
    "RefundStatus",
    "RefundTold",
    "RefundView",
    "Refunding",
    "Resettling",
    "Returning",
    "Settling",
    "StatementPrinting",
    "StatementTerms",
    "StatementView",
    "Statements",
    "Suspicion",
    "Taking",
    "TillKeeping",
    "Told",
]

"""Invoices: what customers are asked to pay, and what is given up of it."""

from domains.invoices.commands import ChangeInvoice, ChangeInvoiceStatus, CreateInvoice, CreditedItem, CreditInvoice
from domains.invoices.converting import Conversion, Converting
from domains.invoices.credit_notes import CreditNote
from domains.invoices.crediting import Crediting, CreditNoting
from domains.invoices.drafting import InvoiceDeleting, InvoiceDrafting
from domains.invoices.dunning import REMIND_OF_INVOICE, Dunning, FallingDue
from domains.invoices.errors import InvoiceGone, Overpayment
from domains.invoices.events import (
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
    RecurringInvoiceChanged,
    RecurringInvoiceCreated,
    RecurringInvoiceDeleted,
    TaxPart,
)
from domains.invoices.issuing import FALL_DUE, InvoiceIssuing
from domains.invoices.links import InvoiceLinks
from domains.invoices.model import Invoice
from domains.invoices.moving import InvoiceMoving
from domains.invoices.ports import CreditNoteQueries, CreditNotes, InvoiceFilter, InvoiceQueries, Invoices, Settlement
from domains.invoices.printing import BillPrinting, CreditNotePrinting, InvoicePrinting, InvoiceSetting
from domains.invoices.receivables import Receivables
from domains.invoices.recurrence import (
    ChangeRecurringInvoice,
    ChangeRecurringInvoiceStatus,
    CreateRecurringInvoice,
    RecurringInvoice,
    RecurringStatus,
)
from domains.invoices.recurring import MAKE_INVOICE, Planning, Recurring, RecurringKeeping
from domains.invoices.recurring_ports import (
    RecurringFilter,
    RecurringInvoiceQueries,
    RecurringInvoices,
    RecurringInvoiceView,
)
from domains.invoices.sending import MAIL_INVOICE, InvoiceLetters, InvoiceMailing, InvoiceSending, InvoiceShowing
from domains.invoices.status import InvoiceStatus
from domains.invoices.views import BillView, CreditNoteView, InvoiceView

__all__ = [
    "FALL_DUE",
    "MAIL_INVOICE",
    "MAKE_INVOICE",
    "REMIND_OF_INVOICE",
    "BillPrinting",
    "BillView",
    "ChangeInvoice",
    "ChangeInvoiceStatus",
    "ChangeRecurringInvoice",
    "ChangeRecurringInvoiceStatus",
    "Conversion",
    "Converting",
    "CreateInvoice",
    "CreateRecurringInvoice",
    "CreditInvoice",
    "CreditNote",
    "CreditNotePrinting",
    "CreditNoteQueries",
    "CreditNoteView",
    "CreditNotes",
    "CreditNoting",
    "CreditedItem",
    "Crediting",
    "Dunning",
    "FallingDue",
    "Invoice",
    "InvoiceCancelled",
    "InvoiceChanged",
    "InvoiceCreated",
    "InvoiceCredited",
    "InvoiceDeleted",
    "InvoiceDeleting",
    "InvoiceDepositPaid",
    "InvoiceDrafting",
    "InvoiceFilter",
    "InvoiceGone",
    "InvoiceIssued",
    "InvoiceIssuing",
    "InvoiceLetters",
    "InvoiceLinks",
    "InvoiceMailing",
    "InvoiceMoving",
    "InvoiceOverdue",
    "InvoicePaid",
    "InvoicePartiallyPaid",
    "InvoicePrinting",
    "InvoiceQueries",
    "InvoiceReminded",
    "InvoiceReopened",
    "InvoiceSending",
    "InvoiceSetting",
    "InvoiceShowing",
    "InvoiceStatus",
    "InvoiceView",
    "Invoices",
    "Overpayment",
    "Planning",
    "Receivables",
    "Recurring",
    "RecurringFilter",
    "RecurringInvoice",
    "RecurringInvoiceChanged",
    "RecurringInvoiceCreated",
    "RecurringInvoiceDeleted",
    "RecurringInvoiceQueries",
    "RecurringInvoiceView",
    "RecurringInvoices",
    "RecurringKeeping",
    "RecurringStatus",
    "Settlement",
    "TaxPart",
]

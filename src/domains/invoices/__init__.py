"""Invoices: what customers are asked to pay, and what is given up of it."""

from domains.invoices.commands import ChangeInvoice, ChangeInvoiceStatus, CreateInvoice, CreditInvoice, CreditedItem
from domains.invoices.converting import Conversion, Converting
from domains.invoices.credit_notes import CreditNote
from domains.invoices.crediting import CreditNoting, Crediting
from domains.invoices.drafting import InvoiceDrafting
from domains.invoices.dunning import REMIND_OF_INVOICE, Dunning, FallingDue
from domains.invoices.errors import InvoiceGone, Overpayment
from domains.invoices.events import InvoiceCancelled, InvoiceChanged, InvoiceCreated, InvoiceCredited, InvoiceDeleted, InvoiceIssued, InvoiceOverdue, InvoicePaid, InvoicePartiallyPaid, InvoiceReminded, InvoiceReopened, TaxPart
from domains.invoices.issuing import FALL_DUE, InvoiceIssuing
from domains.invoices.links import InvoiceLinks
from domains.invoices.model import Invoice
from domains.invoices.moving import InvoiceMoving
from domains.invoices.ports import CreditNoteQueries, CreditNotes, InvoiceFilter, InvoiceQueries, Invoices, Settlement
from domains.invoices.receivables import Receivables, ReceivedRest
from domains.invoices.sending import MAIL_INVOICE, Billing, InvoiceLetters, InvoiceMailing, InvoiceSending
from domains.invoices.status import InvoiceStatus
from domains.invoices.views import BillView, CreditNoteView, InvoiceView

__all__ = [
    "FALL_DUE",
    "MAIL_INVOICE",
    "REMIND_OF_INVOICE",
    "BillView",
    "Billing",
    "ChangeInvoice",
    "ChangeInvoiceStatus",
    "Conversion",
    "Converting",
    "CreateInvoice",
    "CreditInvoice",
    "CreditNote",
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
    "InvoiceQueries",
    "InvoiceReminded",
    "InvoiceReopened",
    "InvoiceSending",
    "InvoiceStatus",
    "InvoiceView",
    "Invoices",
    "Overpayment",
    "Receivables",
    "ReceivedRest",
    "Settlement",
    "TaxPart",
]

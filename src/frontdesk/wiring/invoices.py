"""The parts of a request or an envelope for invoices."""

from dishka import Provider, Scope, provide

from domains.invoices import (
    BillPrinting,
    Converting,
    Crediting,
    CreditNotePrinting,
    CreditNoteQueries,
    CreditNotes,
    CreditNoting,
    Dunning,
    FallingDue,
    InvoiceDeleting,
    InvoiceDrafting,
    InvoiceIssuing,
    InvoiceLetters,
    InvoiceLinks,
    InvoiceMailing,
    InvoiceMoving,
    InvoicePrinting,
    InvoiceQueries,
    Invoices,
    InvoiceSending,
    InvoiceSetting,
    InvoiceShowing,
    Planning,
    Receivables,
    Recurring,
    RecurringInvoiceQueries,
    RecurringInvoices,
    RecurringKeeping,
)
from infra.postgres.invoices import (
    PostgresCreditNoteQueries,
    PostgresCreditNotes,
    PostgresInvoiceQueries,
    PostgresInvoices,
)
from infra.postgres.recurring_invoices import PostgresRecurringInvoiceQueries, PostgresRecurringInvoices


class InvoicesParts(Provider):
    """What customers are asked to pay."""

    scope = Scope.REQUEST

    invoices = provide(PostgresInvoices, provides=Invoices)
    queries = provide(PostgresInvoiceQueries, provides=InvoiceQueries)
    notes = provide(PostgresCreditNotes, provides=CreditNotes)
    note_queries = provide(PostgresCreditNoteQueries, provides=CreditNoteQueries)
    recurring_invoices = provide(PostgresRecurringInvoices, provides=RecurringInvoices)
    recurring_queries = provide(PostgresRecurringInvoiceQueries, provides=RecurringInvoiceQueries)
    links = provide(InvoiceLinks)

    showing = provide(InvoiceShowing)
    bill_printing = provide(BillPrinting)
    converting = provide(Converting)
    crediting = provide(Crediting)
    deleting = provide(InvoiceDeleting)
    drafting = provide(InvoiceDrafting)
    dunning = provide(Dunning)
    falling_due = provide(FallingDue)
    issuing = provide(InvoiceIssuing)
    letters = provide(InvoiceLetters)
    mailing = provide(InvoiceMailing)
    moving = provide(InvoiceMoving)
    noting = provide(CreditNoting)
    note_printing = provide(CreditNotePrinting)
    planning = provide(Planning)
    printing = provide(InvoicePrinting)
    receivables = provide(Receivables)
    recurring = provide(Recurring)
    recurring_keeping = provide(RecurringKeeping)
    sending = provide(InvoiceSending)
    setting = provide(InvoiceSetting)

"""What the demo business offers to its customers, and charges them."""

from uuid import UUID

from dishka import AsyncContainer

from domains.billing import PriceKeeping
from domains.billing.demo import PRICES
from domains.invoices import (
    ChangeInvoiceStatus,
    Converting,
    InvoiceDrafting,
    InvoiceMoving,
    InvoiceStatus,
    RecurringKeeping,
)
from domains.invoices.demo import CONVERTED, INVOICE_STATUSES, invoice_for, plan_for
from domains.quotes import ChangeQuoteStatus, Deciding, QuoteDrafting
from domains.quotes.demo import STATUSES, quote_for
from domains.shared.clock import Clock, TenantZone


async def list_prices(scope: AsyncContainer) -> None:
    keeping = await scope.get(PriceKeeping)
    for order in PRICES:
        await keeping.create(order)


async def write_documents(scope: AsyncContainer, name: str, customer: UUID) -> None:
    """Those of the customer of that name."""
    await _quote(scope, name, customer)
    moving = await scope.get(InvoiceMoving)
    if order := invoice_for(name, customer):
        invoice = await (await scope.get(InvoiceDrafting)).create(order)
        for status in INVOICE_STATUSES[name]:
            await moving.move(invoice.id, ChangeInvoiceStatus(status=status), expected=None)
    zone = await (await scope.get(TenantZone)).zone()
    today = (await scope.get(Clock)).now().astimezone(zone).date()
    if plan := plan_for(name, customer, today=today):
        await (await scope.get(RecurringKeeping)).create(plan)


async def _quote(scope: AsyncContainer, name: str, customer: UUID) -> None:
    drafting, deciding = await scope.get(QuoteDrafting), await scope.get(Deciding)
    if order := quote_for(name, customer):
        quote = await drafting.create(order)
        for status in STATUSES[name]:
            await deciding.move(quote.id, ChangeQuoteStatus(status=status), expected=None)
        if name == CONVERTED:
            made = await (await scope.get(Converting)).convert(quote.id)
            sent = ChangeInvoiceStatus(status=InvoiceStatus.SENT)
            await (await scope.get(InvoiceMoving)).move(made.invoice.id, sent, expected=None)

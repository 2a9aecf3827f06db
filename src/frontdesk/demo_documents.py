"""What the demo business offers to its customers, and charges them."""

from collections.abc import Mapping
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
from domains.quotes import ChangeQuoteStatus, Deciding, QuoteDrafting, QuoteStatus, Revising
from domains.quotes.demo import REVISIONS, STATUSES, quote_for
from domains.shared.clock import Clock, TenantZone


async def list_prices(scope: AsyncContainer) -> Mapping[str, UUID]:
    """The ids of the prices by their names."""
    keeping = await scope.get(PriceKeeping)
    return {order.name: (await keeping.create(order)).id for order in PRICES}


async def write_documents(scope: AsyncContainer, name: str, customer: UUID, prices: Mapping[str, UUID]) -> None:
    """Those of the customer of that name."""
    await _quote(scope, name, customer, prices)
    moving = await scope.get(InvoiceMoving)
    if order := invoice_for(name, customer):
        invoice = await (await scope.get(InvoiceDrafting)).create(order)
        for status in INVOICE_STATUSES[name]:
            await moving.move(invoice.id, ChangeInvoiceStatus(status=status), expected=None)
    zone = await (await scope.get(TenantZone)).zone()
    today = (await scope.get(Clock)).now().astimezone(zone).date()
    if plan := plan_for(name, customer, today=today):
        await (await scope.get(RecurringKeeping)).create(plan)


async def _quote(scope: AsyncContainer, name: str, customer: UUID, prices: Mapping[str, UUID]) -> None:
    drafting, deciding = await scope.get(QuoteDrafting), await scope.get(Deciding)
    if order := quote_for(name, customer, prices):
        quote = await drafting.create(order)
        for status in STATUSES[name]:
            await deciding.move(quote.id, ChangeQuoteStatus(status=status), expected=None)
        if name == CONVERTED:
            made = await (await scope.get(Converting)).convert(quote.id)
            sent = ChangeInvoiceStatus(status=InvoiceStatus.SENT)
            await (await scope.get(InvoiceMoving)).move(made.invoice.id, sent, expected=None)
        if name in REVISIONS:
            later = (await (await scope.get(Revising)).revise(quote.id)).quote
            await drafting.change(later.id, REVISIONS[name], expected=None)
            await deciding.move(later.id, ChangeQuoteStatus(status=QuoteStatus.SENT), expected=None)

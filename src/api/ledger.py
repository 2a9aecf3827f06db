"""The ledger over HTTP, and what the provider's books say otherwise."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.litestar import FromDishka
from litestar import get
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, IncludeTotal, Limit
from api.periods import From, Period, To, period
from api.problems import problems
from domains.payments import (
    Account,
    BalanceView,
    EntryKind,
    EntryView,
    LedgerFilter,
    PaymentQueries,
    ReconciliationQueries,
    ReconciliationView,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone
from domains.shared.fields import CurrencyCode
from domains.shared.wire import View

Sort = Annotated[Literal["occurredAt", "-occurredAt"], QueryParameter()]
AccountFilter = Annotated[Account | None, QueryParameter(name="account")]
KindFilter = Annotated[EntryKind | None, QueryParameter(name="kind")]
CurrencyFilter = Annotated[CurrencyCode | None, QueryParameter(name="currency")]
InvoiceFilter = Annotated[UUID | None, QueryParameter(name="invoiceId")]
PaymentIdFilter = Annotated[UUID | None, QueryParameter(name="paymentId")]


class BalanceList(View, frozen=True):
    """What each account comes to, by currency."""

    items: Annotated[tuple[BalanceView, ...], Meta(max_length=10_000)]


@get("/payments/ledger", tags=["Payments"])
async def list_ledger(
    asker: FromDishka[Actor],
    query: FromDishka[PaymentQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: Sort = "-occurredAt",
    account: AccountFilter = None,
    kind: KindFilter = None,
    currency: CurrencyFilter = None,
    invoice: InvoiceFilter = None,
    payment: PaymentIdFilter = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[EntryView]:
    """List the movements of money, newest first: invoices and what is given up of them, payments and what went back.

    An amount is positive where its account is debited, negative where it is credited; those of one entry come to
    nothing. `account` wants the entries that touch it.
    """
    within = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = LedgerFilter(account=account, kind=kind, currency=currency, invoice_id=invoice, payment_id=payment,
                          occurred_from=within.start, occurred_before=within.end)  # fmt: skip
    listing = Listing.of("listLedger", asker, sort=sort, account=account, kind=kind, currency=currency,
                         invoice=invoice, payment=payment, begin=begin, end=end)  # fmt: skip
    page = await query.ledger(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@get("/payments/ledger/balances", tags=["Payments"])
async def list_balances(
    query: FromDishka[PaymentQueries], tenant: FromDishka[TenantZone], end: To = None
) -> BalanceList:
    """Show what each account comes to in each currency, of all until the day `to`, or of all."""
    within = period(None, end, await tenant.zone()) if end else Period()
    return BalanceList(items=tuple(await query.balances(before=within.end)))


@get("/payments/reconciliation", tags=["Payments"], responses=problems("not_found"))
async def get_reconciliation(query: FromDishka[ReconciliationQueries]) -> ReconciliationView:
    """Show what the last nightly reconciliation with the provider came to. `not_found` before the first."""
    return await query.last()


LEDGER_ROUTES: Sequence[ControllerRouterHandler] = (list_ledger, list_balances, get_reconciliation)

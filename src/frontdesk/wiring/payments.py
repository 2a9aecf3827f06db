"""The parts of a request or an envelope for payments."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from dishka import AnyOf, Provider, Scope, provide

from api.json_text import read_json
from domains.inbox import Arrivals
from domains.invoices import Receivables, Settlement
from domains.payments import (
    Asking,
    BalanceBooking,
    Bookkeeping,
    Cards,
    Collecting,
    CustomerAccounts,
    EventReader,
    EventWatch,
    Fees,
    Hearing,
    Knowing,
    Ledger,
    News,
    PayingPublicly,
    PaymentQueries,
    Payments,
    ProviderAccounts,
    ProviderApplier,
    ProviderBook,
    Proving,
    ReceiptPrinting,
    Receipts,
    ReceiptWriting,
    ReconciliationQueries,
    Reconciliations,
    Reconciling,
    Refunding,
    Resettling,
    Returning,
    Settling,
    StatementPrinting,
    Statements,
    Taking,
    TillKeeping,
)
from domains.shared.clock import Clock
from domains.shared.vault import Vault
from frontdesk.callers import Caller
from frontdesk.ingredients import Ingredients
from frontdesk.on_demand import stripe_cards
from frontdesk.subscriptions import INSIDE, SUBSCRIPTIONS
from infra.metrics.instruments import Instruments
from infra.postgres.customer_accounts import PostgresCustomerAccounts
from infra.postgres.database import Database
from infra.postgres.inbox import PostgresInbox
from infra.postgres.integrations import PostgresIntegrations
from infra.postgres.invoices import PostgresInvoices
from infra.postgres.payment_fees import PostgresFees
from infra.postgres.payment_queries import PostgresPaymentQueries, PostgresReconciliationQueries
from infra.postgres.payments import PostgresLedger, PostgresPayments, PostgresReconciliations
from infra.postgres.routes import PostgresRoutes
from infra.postgres.streaming import Streaming
from infra.postgres.work import PostgresWork
from infra.stripe.accounts import StripeAccounts
from infra.stripe.reading import StripeEvents
from infra.stripe.watching import StripeWatch


class VendorWork(PostgresWork):
    """Apart from the request's work: what the provider says is stored after that is committed."""


class PaymentsParts(Provider):
    """Money that customers pay."""

    scope = Scope.REQUEST

    @provide(scope=Scope.APP)
    async def cards(self, of: Ingredients, instruments: Instruments) -> AsyncIterator[Cards]:
        watch = partial(instruments.providers.call, "stripe")
        cards = await asyncio.to_thread(stripe_cards, address=of.stripe.address, watch=watch)
        yield cards
        await cards.close()

    @provide(scope=Scope.APP)
    def reader(self) -> EventReader:
        return StripeEvents(read_json)

    @provide(scope=Scope.APP)
    def event_watch(self, instruments: Instruments) -> EventWatch:
        return StripeWatch(instruments.webhooks)

    @provide
    def accounts(self, of: Ingredients, vault: Vault, work: PostgresWork) -> ProviderAccounts:
        return StripeAccounts(PostgresIntegrations(work, vault), of.stripe, work)

    @provide
    def vendor_work(self, database: Database, caller: Caller, clock: Clock, streaming: Streaming) -> VendorWork:
        work = VendorWork(database, caller.tenant, caller.origin, SUBSCRIPTIONS, clock)
        work.telling(streaming).heard_by(INSIDE)
        return work

    @provide
    def settling(self, of: Ingredients, vault: Vault, cards: Cards, clock: Clock, work: VendorWork) -> Settling:
        accounts = StripeAccounts(PostgresIntegrations(work, vault), of.stripe, work)
        payments = PostgresPayments(work)
        bookkeeping = Bookkeeping(Receivables(PostgresInvoices(work), clock, work), PostgresLedger(work), clock)
        knowing = Knowing(Arrivals(PostgresInbox(work), clock, work), PostgresRoutes(work))
        news = News(payments, bookkeeping, knowing, clock, work)
        return Settling(payments, accounts, cards, news, work)

    payments = provide(PostgresPayments, provides=Payments)
    ledger = provide(PostgresLedger, provides=Ledger)
    fees = provide(PostgresFees, provides=Fees)
    queries = provide(PostgresPaymentQueries, provides=PaymentQueries)
    reconciliation_queries = provide(PostgresReconciliationQueries, provides=ReconciliationQueries)
    reconciliations = provide(PostgresReconciliations, provides=Reconciliations)

    accounts_of_customers = provide(PostgresCustomerAccounts, provides=CustomerAccounts)
    applier = provide(ProviderApplier)
    asking = provide(Asking)
    balance_booking = provide(BalanceBooking)
    bookkeeping = provide(Bookkeeping)
    collecting = provide(Collecting)
    hearing = provide(Hearing)
    knowing = provide(Knowing)
    news = provide(News)
    paying_publicly = provide(PayingPublicly)
    receipt_printing = provide(ReceiptPrinting)
    receipts = provide(Receipts)
    receipt_writing = provide(ReceiptWriting)
    provider_book = provide(ProviderBook)
    proving = provide(Proving)
    reconciling = provide(Reconciling)
    refunding = provide(Refunding)
    resettling = provide(Resettling)
    returning = provide(Returning)
    statement_printing = provide(StatementPrinting)
    statements = provide(Statements)
    taking = provide(Taking)
    till = provide(TillKeeping, provides=AnyOf[TillKeeping, Settlement])

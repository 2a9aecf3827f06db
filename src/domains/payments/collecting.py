"""Asking for money by card: one open intent for an invoice."""

from uuid import UUID

import msgspec

from domains.billing import DocumentKind, PublicLinks
from domains.invoices import Invoices
from domains.payments.bookkeeping import must_owe
from domains.payments.commands import CreateIntent, PayPublicly
from domains.payments.errors import ProviderError
from domains.payments.model import Claim, Payment
from domains.payments.ports import Payments
from domains.payments.provider import OpenIntent, ProviderAccounts
from domains.payments.settling import A_DAY, FIRST_WAIT, RECONCILE, SETTLE_INTENT, Settling
from domains.payments.views import IntentView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import Conflict
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.vendors import TryLater
from domains.shared.work import UnitOfWork

_MOST_TURNS = 3


class Asked(msgspec.Struct, frozen=True):
    """The payment that is open. `replaces`: it is of another amount than what is wanted, and in the way."""

    payment: Payment
    publishable_key: str
    replaces: bool = False
    is_new: bool = False


class Begun(msgspec.Struct, frozen=True):
    """What a page needs, and whether the payment was made just now."""

    intent: IntentView
    is_new: bool


class Asking:
    """A step of others, inside their work: the row of what is asked for."""

    def __init__(
        self, payments: Payments, invoices: Invoices, accounts: ProviderAccounts, clock: Clock, work: UnitOfWork
    ) -> None:
        self.payments = payments
        self.invoices = invoices
        self.accounts = accounts
        self.clock = clock
        self.work = work

    async def ask(self, invoice_id: UUID, amount: int | None) -> Asked:
        """The open payment of the invoice, made if there is none."""
        invoice = await self.invoices.for_change(invoice_id)
        wanted = invoice.amount_asked if amount is None else amount
        must_owe(invoice, wanted)
        account = await self.accounts.present()
        if not self.accounts.takes(invoice.currency):
            raise Conflict(f"Cards are not charged in {invoice.currency}.")
        present = await self.payments.open_of(invoice.id)
        if present is not None:
            same = present.amount == wanted and present.own_account is account.is_own
            return Asked(present, account.publishable_key, replaces=not same)
        now = self.clock.now()
        claim = Claim(invoice.id, invoice.customer_id, wanted, invoice.currency)
        payment = Payment.asked(claim, own_account=account.is_own, now=now)
        await self.payments.add(payment)
        self.work.later(SETTLE_INTENT, payment.id, at=now + FIRST_WAIT)
        if await self.payments.is_first():
            self.work.later(RECONCILE, self.accounts.tenant(), at=now + A_DAY)
        self.work.note(Note(action="payment.asked", subject=payment.id, after=payment))
        return Asked(payment, account.publishable_key, is_new=True)


class Collecting:
    """Has customers pay invoices by card."""

    def __init__(self, actor: Actor, asking: Asking, settling: Settling, work: UnitOfWork) -> None:
        self.actor = actor
        self.asking = asking
        self.settling = settling
        self.work = work

    async def create_intent(self, order: CreateIntent) -> Begun:
        """Ask for the payment of an invoice by card: what a page needs to take the card.

        - What is asked of it next (`amountAsked`: the deposit, then the rest), or `amount` of all that is due; more is
          `overpayment`. A draft and what is over is `invalid_transition`.
        - There is one open intent for an invoice: asking for the same again gives the same, with 200, another amount
          replaces it. Where it is being paid at that moment, or cards are not charged in its currency, it is
          `conflict`.
        - `provider_error`: asked again, it is done once.
        """
        self.actor.must(Permission.PAYMENTS_WRITE)
        for _ in range(_MOST_TURNS):
            if begun := await begun_with(self.settling, await self._asked(order)):
                return begun
        raise Conflict("Others are asking for another amount at the same time.")

    @idempotent
    async def _asked(self, order: CreateIntent) -> Asked:
        async with self.work:
            asked = await self.asking.ask(order.invoice_id, order.amount)
            return asked if asked.replaces else self.work.result(asked)


class PayingPublicly:
    """Has whoever holds the link of an invoice pay it."""

    def __init__(self, links: PublicLinks, asking: Asking, settling: Settling, work: UnitOfWork) -> None:
        self.links = links
        self.asking = asking
        self.settling = settling
        self.work = work

    async def pay(self, token: str, order: PayPublicly) -> Begun:
        """Ask for the payment of an invoice by its link: what a page needs to take the card.

        - What is asked of it next (`amountAsked`: the deposit, then the rest), or `amount` of all that is due; more is
          `overpayment`. What is paid or over is `invalid_transition`.
        - There is one open intent for an invoice: asking for the same again gives the same, with 200, another amount
          replaces it. In a currency in which cards are not charged it is `conflict`.
        """
        invoice_id = await self.links.bind(DocumentKind.INVOICE, token)
        settling = self.settling.within(self.asking.accounts.tenant())
        for _ in range(_MOST_TURNS):
            if begun := await begun_with(settling, await self._asked(invoice_id, order)):
                return begun
        raise Conflict("Others are asking for another amount at the same time.")

    @idempotent
    async def _asked(self, invoice_id: UUID, order: PayPublicly) -> Asked:
        async with self.work:
            asked = await self.asking.ask(invoice_id, order.amount)
            return asked if asked.replaces else self.work.result(asked)


async def begun_with(settling: Settling, asked: Asked) -> Begun | None:
    """What a page needs. None where what was asked before is over, so that it is to be asked for anew.

    Raise `Conflict` where that is being paid, and for what the provider does not take.
    """
    try:
        if asked.replaces:
            if not await settling.cancel(asked.payment):
                raise Conflict("The invoice is being paid at this moment.")
            return None
        intent = await settling.intent(asked.payment.id)
    except TryLater as later:
        raise ProviderError("The provider does not answer now: ask again.") from later
    if intent is not None:
        return Begun(_shown(asked, intent), asked.is_new)
    if asked.is_new:
        raise Conflict(await settling.why_not(asked.payment.id))
    return None


def _shown(asked: Asked, intent: OpenIntent) -> IntentView:
    payment = asked.payment
    return IntentView(
        payment_id=payment.id,
        intent_id=intent.told.intent_id,
        client_secret=intent.client_secret,
        publishable_key=asked.publishable_key,
        amount=payment.amount,
        currency=payment.currency,
        status=payment.status,
    )

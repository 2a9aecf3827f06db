"""Receipts on paper."""

from uuid import UUID

from domains.billing import Paper, PrintedReceipt, Stationer, Typesetting
from domains.invoices import Invoices
from domains.payments.ports import Payments
from domains.shared.actor import Actor
from domains.shared.errors import Conflict, NotFound
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork


class ReceiptPrinting:
    """Makes PDFs of receipts."""

    def __init__(
        self,
        actor: Actor,
        payments: Payments,
        invoices: Invoices,
        stationer: Stationer,
        typesetting: Typesetting,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.payments = payments
        self.invoices = invoices
        self.stationer = stationer
        self.typesetting = typesetting
        self.work = work

    async def pdf(self, payment_id: UUID) -> Paper:
        """Show a receipt for a payment as PDF, in the customer's language: what was paid, what of it went back.

        What is due of the invoice is as of today, as is what came beyond that and was not given back. Of what did not
        come there is no receipt: `conflict`.
        """
        self.actor.must(Permission.PAYMENTS_READ)
        async with self.work:
            payment = await self.payments.read(payment_id)
            if payment is None:
                raise NotFound.one("payment")
            if not payment.is_received or payment.succeeded_at is None:
                raise Conflict("Nothing was paid.")
            invoice = await self.invoices.read(payment.invoice_id)
            stationery = await self.stationer.of(payment.customer_id)
        printed = PrintedReceipt(
            **stationery.sheet(payment.currency), invoice=invoice.number or "", method=payment.method.value,
            paid_on=payment.received_on or stationery.day_of(payment.succeeded_at),
            total=invoice.total, amount=payment.amount, unapplied=payment.unapplied_amount,
            refunded=payment.refunded_amount, lost=payment.lost_amount, due=invoice.amount_open,
        )  # fmt: skip
        return Paper(f"receipt-{printed.invoice}-{printed.paid_on}", await self.typesetting.receipt(printed))

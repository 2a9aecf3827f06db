"""The letter that says what was paid."""

from uuid import UUID

import msgspec

from domains.billing import BillingSettings, reachable
from domains.customers import Customers
from domains.identity import Letters
from domains.invoices import Invoices
from domains.payments.ports import Payments
from domains.shared.work import UnitOfWork


class Receipt(msgspec.Struct, frozen=True):
    """Its words, and who gets it."""

    to: str
    words: dict[str, str]
    language: str | None


class ReceiptWriting:
    """A step of others, inside their work: what a receipt says, and to whom."""

    def __init__(self, payments: Payments, invoices: Invoices, customers: Customers, settings: BillingSettings) -> None:
        self.payments = payments
        self.invoices = invoices
        self.customers = customers
        self.settings = settings

    async def write(self, payment_id: UUID) -> Receipt | None:
        """None where there is nobody to write to."""
        payment = await self.payments.read(payment_id)
        customer = await reachable(self.customers, payment.customer_id) if payment else None
        if payment is None or customer is None:
            return None
        invoice = await self.invoices.read(payment.invoice_id)
        words = {
            "displayName": customer.name or customer.company or "",
            "tenantName": (await self.settings.defaults()).business,
            "number": invoice.number or "",
            "total": str(payment.amount),
            "amountDue": str(invoice.amount_open),
            "unapplied": str(payment.unapplied_amount),
            "currency": payment.currency,
        }
        return Receipt(customer.emails[0], words, customer.preferred_language)


class Receipts:
    """Mails receipts to those who paid."""

    def __init__(self, writing: ReceiptWriting, letters: Letters, work: UnitOfWork) -> None:
        self.writing = writing
        self.letters = letters
        self.work = work

    async def send(self, payment_id: UUID) -> None:
        """To the customer's main address, in the customer's language. Whoever has none is not written to."""
        async with self.work:
            receipt = await self.writing.write(payment_id)
        if receipt is not None:
            to, words, language = receipt.to, receipt.words, receipt.language
            await self.letters.send(to=to, template="payment_receipt", words=words, language=language)

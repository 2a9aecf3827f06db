"""The letter that says what was paid."""

from uuid import UUID

from domains.billing import BillingSettings, reachable
from domains.customers import Customers
from domains.identity import Letters
from domains.invoices import Invoices
from domains.payments.ports import Payments
from domains.shared.work import UnitOfWork


class Receipts:
    """Mails receipts to those who paid."""

    def __init__(
        self,
        payments: Payments,
        invoices: Invoices,
        customers: Customers,
        settings: BillingSettings,
        letters: Letters,
        work: UnitOfWork,
    ) -> None:
        self.payments = payments
        self.invoices = invoices
        self.customers = customers
        self.settings = settings
        self.letters = letters
        self.work = work

    async def send(self, payment_id: UUID) -> None:
        """To the customer's main address, in the customer's language. Whoever has none is not written to."""
        async with self.work:
            payment = await self.payments.read(payment_id)
            if payment is None:
                return
            customer = await reachable(self.customers, payment.customer_id)
            if customer is None:
                return
            invoice = await self.invoices.read(payment.invoice_id)
            business = (await self.settings.defaults()).business
        words = {
            "displayName": customer.name or customer.company or "",
            "tenantName": business,
            "number": invoice.number or "",
            "amount": str(payment.amount),
            "due": str(invoice.amount_due),
            "currency": payment.currency,
        }
        language = customer.preferred_language
        await self.letters.send(to=customer.emails[0], template="payment_receipt", words=words, language=language)

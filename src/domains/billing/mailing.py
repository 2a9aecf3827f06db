"""Mailing documents to their customers."""

from domains.billing.addressees import reachable
from domains.billing.document import Document
from domains.billing.links import DocumentLinks
from domains.customers import Customer, Customers
from domains.identity import Letters


class DocumentMailing:
    """A step of others: one letter, with the link."""

    def __init__(self, letters: Letters, links: DocumentLinks, customers: Customers) -> None:
        self.letters = letters
        self.links = links
        self.customers = customers

    async def reader(self, document: Document) -> Customer | None:
        """Whom a letter reaches, inside the work; None where nobody can be reached any more."""
        return await reachable(self.customers, document.customer_id)

    async def write(
        self, template: str, document: Document, customer: Customer, *, business: str, words: dict[str, str]
    ) -> None:
        """To the customer's main address, in the customer's language. `words` are those of the kind of document."""
        of_all = {
            "displayName": customer.name or customer.company or "",
            "tenantName": business,
            "number": document.number or "",
            "total": str(document.total),
            "currency": document.currency,
            "link": self.links.url(document) or "",
        }
        await self.letters.send(
            to=customer.emails[0], template=template, words={**of_all, **words}, language=customer.preferred_language
        )

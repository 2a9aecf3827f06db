"""The links of documents, as they rest."""

from typing import TypeVar

from domains.billing import Document, DocumentLinks
from domains.invoices import InvoiceLinks
from domains.quotes import QuoteLinks
from domains.shared.vault import Vault
from infra.postgres.billed_documents import Rows
from infra.postgres.invoices import INVOICES
from infra.postgres.quotes import QUOTES
from infra.postgres.work import PostgresWork

Kind = TypeVar("Kind", bound=Document)


class PostgresLockedLinks:
    """Those of the tenant to which the work is bound."""

    def __init__(self, quotes: QuoteLinks, invoices: InvoiceLinks, vault: Vault, work: PostgresWork) -> None:
        self._quotes = quotes
        self._invoices = invoices
        self._vault = vault
        self._work = work

    async def lock_anew(self) -> int:
        """Lock with the newest key a thousand of each kind that older ones locked; say how many. `Unreadable`."""
        return await self._anew(QUOTES, self._quotes) + await self._anew(INVOICES, self._invoices)

    async def _anew(self, rows: Rows[Kind], links: DocumentLinks) -> int:
        older = await self._work.connection.fetch(rows.older, bytes.fromhex(self._vault.key))
        for row in older:
            document = rows.read(row)
            await self._work.connection.execute(rows.locked_anew, document.id, links.lock_anew(document))
        return len(older)

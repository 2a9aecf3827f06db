"""What documents do to the ledger: heard inside the transaction in which they happen."""

from uuid import UUID

from domains.invoices import InvoiceCancelled, InvoiceCredited, InvoiceIssued
from domains.payments.ledger import Account, EntryKind, Ledger, entry
from domains.shared.events import Recorded


class DocumentBooking:
    """Enters claims into the ledger, and what is given up of them. A claim of nothing moves nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def hear(self, event: Recorded) -> None:
        match event.type:
            case InvoiceIssued.type:
                await self._enter(event, EntryKind.INVOICE_ISSUED, event.subject, sign=1)
            case InvoiceCancelled.type:
                await self._enter(event, EntryKind.INVOICE_VOIDED, event.subject, sign=-1)
            case InvoiceCredited.type:
                note = UUID(str(event.data["credit_note_id"]))
                await self._enter(event, EntryKind.CREDIT_NOTE_ISSUED, note, sign=-1)
            case _:
                pass

    async def _enter(self, event: Recorded, kind: EntryKind, source: UUID, *, sign: int) -> None:
        net, total = int(event.data["net"]), int(event.data["total"])
        if not total:
            return
        made = entry(
            kind,
            source,
            (Account.RECEIVABLE, sign * total),
            (Account.REVENUE, -sign * net),
            (Account.TAX, sign * (net - total)),
            invoice=event.subject,
            currency=str(event.data["currency"]),
            now=event.occurred_at,
        )
        await self.ledger.add(made)

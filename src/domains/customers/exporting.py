"""Exporting customers as a table: a row each, from which an import makes the same customers."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol

import msgspec

from domains.customers.importing import defused, joined, written
from domains.customers.ports import CustomerFilter, CustomerQueries
from domains.customers.views import CustomerView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

_ROWS_AT_ONCE = 500
_FIRST = ("id", "name", "company", "emails", "phones")
_OF_AN_ADDRESS = ("street", "city", "state", "zip_code", "country")
_LAST = ("tags", "notes", "preferredLanguage", "source")
_TIMES = ("createdAt", "updatedAt", "archivedAt")


class CustomerShape(msgspec.Struct, frozen=True):
    """What differs from business to business: how many addresses one of its customers has, and which custom keys."""

    addresses: int
    custom_keys: tuple[str, ...]


class CustomerShapes(Protocol):
    """The shape of the tenant's customers. Asked inside the work."""

    async def shape(self) -> CustomerShape: ...


class CustomerTable(msgspec.Struct, frozen=True):
    """A table on its way to its reader. No cell is one that a spreadsheet would run."""

    header: Sequence[str]
    rows: AsyncIterator[Sequence[str]]


class CustomerExport:
    """Exports customers."""

    def __init__(self, actor: Actor, queries: CustomerQueries, shapes: CustomerShapes, work: UnitOfWork) -> None:
        self.actor = actor
        self.queries = queries
        self.shapes = shapes
        self.work = work

    async def open(self, wanted: CustomerFilter) -> CustomerTable:
        """Export customers as a CSV file, the oldest first.

        - The filters are those of the list. Seeing customers is needed too (`customers:read`).
        - It is read page by page: each customer once, as it was when its page was read.
        - Before text that a spreadsheet would take for a formula stands an apostrophe; an import takes it away, and
          makes the same customers of the file.
        """
        self.actor.must(Permission.CUSTOMERS_EXPORT)
        async with self.work:
            shape = await self.shapes.shape()
            filters = [name for name, value in msgspec.structs.asdict(wanted).items() if value not in (None, False)]
            self.work.note(Note(action="customers.exported", facts={"filters": ", ".join(filters)}))
        request = PageRequest(limit=_ROWS_AT_ONCE, sort="created_at", descending=False)
        page = await self.queries.page(wanted, request)
        return CustomerTable(_header(shape), self._rows(wanted, request, page, shape))

    async def _rows(
        self, wanted: CustomerFilter, request: PageRequest, page: Page[CustomerView], shape: CustomerShape
    ) -> AsyncIterator[Sequence[str]]:
        while True:
            for customer in page.items:
                yield [defused(cell) for cell in _cells(customer, shape)]
            if page.next is None:
                return
            page = await self.queries.page(wanted, msgspec.structs.replace(request, after=page.next))


def _header(shape: CustomerShape) -> list[str]:
    parts = [part.replace("zip_code", "zipCode") for part in _OF_AN_ADDRESS]
    addresses = [part if at == 1 else f"{part} {at}" for at in range(1, max(1, shape.addresses) + 1) for part in parts]
    return [*_FIRST, *addresses, *_LAST, *(f"custom.{key}" for key in shape.custom_keys), *_TIMES]


def _cells(customer: CustomerView, shape: CustomerShape) -> Iterator[str]:
    yield str(customer.id)
    yield from (customer.name or "", customer.company or "", joined(customer.emails), joined(customer.phones))
    for at in range(max(1, shape.addresses)):
        address = customer.addresses[at] if at < len(customer.addresses) else None
        yield from (getattr(address, part, None) or "" for part in _OF_AN_ADDRESS)
    yield from (joined(customer.tags), customer.notes or "")
    yield from (customer.preferred_language or "", customer.source or "")
    yield from (written(customer.custom[key]) if key in customer.custom else "" for key in shape.custom_keys)
    yield from (customer.created_at, customer.updated_at, customer.archived_at or "")

"""What imports need from the world."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

import msgspec

from domains.customers.importing.model import ImportFault, Row, Upload
from domains.customers.importing.views import ImportFaultView
from domains.customers.model import Customer
from domains.shared.paging import Page, PageRequest


class Received(Protocol):
    """A file that has come whole, and is kept nowhere yet."""

    async def keep(self, upload: UUID) -> Upload:
        """Read it through and keep its rows, in parts, under `upload`.

        Raises `ValidationFailed` where it cannot be read as a table of customers; then nothing of it is kept.
        """
        ...


class Uploads(Protocol):
    """The files that the tenant's people send, kept until they were imported."""

    def receive(self, content: AsyncIterator[bytes]) -> AbstractAsyncContextManager[Received]:
        """Take in a file as it comes, never whole in memory. What is not kept is gone on leaving, or with a crash."""
        ...

    async def rows(self, upload: UUID, part: int) -> Sequence[Row]: ...

    async def delete(self, upload: UUID) -> None: ...


class HomeCountry(Protocol):
    """Where the business is. Asked inside the work."""

    async def country(self) -> str | None:
        """Its ISO 3166 code, if it has told."""
        ...


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The customer whom an id names; where that one was merged, the one who stays."""

    customer: UUID
    is_archived: bool
    is_erased: bool


class ImportedCustomers(Protocol):
    """The tenant's customers, many at once."""

    async def named(self, ids: Collection[UUID]) -> Mapping[UUID, Named]:
        """Whom each of `ids` names. An id of nobody is left out."""
        ...

    async def current_for_change(self, ids: Collection[UUID]) -> Sequence[Customer]:
        """Those of them that are current, locked in the order of their ids until the work ends."""
        ...

    async def add_all(self, customers: Sequence[Customer]) -> None: ...

    async def save_all(self, customers: Sequence[Customer]) -> None: ...


class ImportReports(Protocol):
    """What was wrong with the rows of imports; and, in a dry run, which contacts were seen in the file."""

    async def add(self, job: UUID, faults: Sequence[ImportFault]) -> None: ...

    async def seen(self, job: UUID, contacts: Collection[str]) -> Mapping[str, int]:
        """The line on which each of `contacts` was first seen, if it was."""
        ...

    async def remember(self, job: UUID, contacts: Mapping[str, int]) -> None: ...

    async def forget_contacts(self, job: UUID) -> None: ...

    async def forget(self, job: UUID) -> None:
        """Delete all that is kept of an import."""
        ...


class ImportReportQueries(Protocol):
    """The reports of the tenant's imports, to be read. Needs `customers:import`."""

    async def page(self, job: UUID, request: PageRequest) -> Page[ImportFaultView]:
        """A page by `line`. Raises `NotFound` where there is no such import."""
        ...

"""Taking in rows beside the customers who are there, part by part."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from domains.customers.custom_fields import CustomField, FieldType, check
from domains.customers.duplicates import Contacts
from domains.customers.field_keeping import CustomFields
from domains.customers.importing.cells import written
from domains.customers.importing.model import Duplicates, ImportFault, ImportTerms, Intake, faults_of
from domains.customers.importing.placing import Board, contacts_of
from domains.customers.importing.ports import ImportedCustomers, ImportReports
from domains.customers.importing.reading import Described, Found, Read
from domains.shared.errors import ValidationFailed
from domains.shared.plans import Quota
from domains.shared.quotas import Quotas


class Matching:
    """Takes in rows of a file beside the customers who are there. Archived ones are nobody's duplicates."""

    def __init__(
        self,
        contacts: Contacts,
        customers: ImportedCustomers,
        fields: CustomFields,
        reports: ImportReports,
        quotas: Quotas,
    ) -> None:
        self.contacts = contacts
        self.customers = customers
        self.fields = fields
        self.reports = reports
        self.quotas = quotas

    async def take_in(self, job: UUID, read: Read, terms: ImportTerms, *, now: datetime) -> Intake:
        """Store what the rows come to, in the work under way; in a dry run, say only what that would be."""
        fields = await self.fields.all()
        read = [fitted(found, fields) for found in read] if fields else read
        described = [found for found in read if isinstance(found, Described)]
        board = await self._board(job, described, terms)
        for row in described:
            board.place(row, terms.duplicates, now=now)
        taken = board.intake()
        wrong = [found for found in read if isinstance(found, list)]
        taken.rows, taken.failed = len(read), taken.failed + len(wrong)
        taken.faults = sorted([*taken.faults, *chain.from_iterable(wrong)], key=lambda fault: fault.line)
        if terms.dry_run:
            await self.reports.remember(job, {} if terms.duplicates is Duplicates.CREATE else board.lines)
        else:
            await self.customers.add_all(list(board.new.values()))
            await self.customers.save_all([after for _, after in taken.changes])
        return taken

    async def must_fit(self, taken: Intake, terms: ImportTerms) -> None:
        """Raise `QuotaExceeded` where what was taken in is more than the plan gives. Asked last in the work."""
        if taken.created and not terms.dry_run:
            await self.quotas.must_hold(Quota.CUSTOMERS, added=len(taken.created))

    async def report(self, job: UUID, faults: Sequence[ImportFault]) -> None:
        await self.reports.add(job, faults)

    async def end(self, job: UUID) -> None:
        """Forget what a dry run has seen."""
        await self.reports.forget_contacts(job)

    async def _board(self, job: UUID, rows: Sequence[Described], terms: ImportTerms) -> Board:
        named = await self.customers.named({row.of for row in rows if row.of})
        if terms.duplicates is Duplicates.CREATE:
            return Board(named=named, owners={}, known={}, seen_before={})
        wanted = {contact for row in rows for contact in contacts_of(row.customer)}
        owners: dict[str, set[UUID]] = {}
        for owner in await self.contacts.owners(wanted):
            if not owner.is_archived:
                owners.setdefault(owner.contact, set()).add(owner.customer)
        there = {found for reached in owners.values() for found in reached} | {each.customer for each in named.values()}
        known = await self.customers.current_for_change(there) if terms.duplicates is Duplicates.UPDATE else ()
        seen = await self.reports.seen(job, wanted) if terms.dry_run else {}
        return Board(named=named, owners=owners, known={customer.id: customer for customer in known}, seen_before=seen)


def fitted(found: Found, fields: Sequence[CustomField]) -> Found:
    """The row with custom values as their fields take them, or what is wrong with these."""
    if not isinstance(found, Described) or not found.customer.custom:
        return found
    texts = {field.key for field in fields if field.type not in (FieldType.BOOLEAN, FieldType.NUMBER)}
    custom = {
        key: written(value) if key in texts and not isinstance(value, str) else value
        for key, value in found.customer.custom.items()
    }
    try:
        check(fields, custom, before={})
    except ValidationFailed as refusal:
        return faults_of(refusal, found.line)
    found.customer.custom = custom
    return found

"""Deciding what becomes of each row: a new customer, a change of one who is there, or nothing."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from domains.customers.custom_fields import CustomField, FieldType, check
from domains.customers.duplicates import Contacts
from domains.customers.field_keeping import CustomFields
from domains.customers.importing.cells import written
from domains.customers.importing.model import Duplicates, ImportFault, ImportTerms, Intake
from domains.customers.importing.ports import ImportedCustomers, ImportReports
from domains.customers.importing.reading import Found, Read
from domains.customers.model import ChangeCustomer, Customer
from domains.shared.errors import ValidationFailed
from domains.shared.plans import Quota
from domains.shared.quotas import Quotas

_AMBIGUOUS = "Several customers have one of these e-mail addresses or phone numbers: merge them first."
_MOST = {"emails": 20, "phones": 20, "tags": 50, "addresses": 10, "custom": 50}


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
        read = [(line, fitted(found, line, fields)) for line, found in read] if fields else read
        described = [(line, found) for line, found in read if isinstance(found, Customer)]
        board = await self._board(job, described, terms)
        for line, customer in described:
            board.place(line, customer, terms.duplicates, now=now)
        taken = board.intake()
        wrong = [found for _, found in read if isinstance(found, list)]
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

    async def _board(self, job: UUID, rows: Sequence[tuple[int, Customer]], terms: ImportTerms) -> "Board":
        if terms.duplicates is Duplicates.CREATE:
            return Board({}, {}, {})
        wanted = {contact for _, customer in rows for contact in contacts_of(customer)}
        found: dict[str, set[UUID]] = {}
        for owner in await self.contacts.owners(wanted):
            if not owner.is_archived:
                found.setdefault(owner.contact, set()).add(owner.customer)
        ids = {owner for owners in found.values() for owner in owners}
        known = await self.customers.current_for_change(ids) if terms.duplicates is Duplicates.UPDATE else ()
        lines = await self.reports.seen(job, wanted) if terms.dry_run else {}
        return Board(found, {customer.id: customer for customer in known}, lines)


class Board:
    """Who is there, by contact, with each row added to it as it is placed."""

    def __init__(
        self, owners: dict[str, set[UUID]], known: dict[UUID, Customer], seen_before: Mapping[str, int]
    ) -> None:
        self.new: dict[UUID, Customer] = {}
        self._before: dict[UUID, Customer] = {}
        self.lines: dict[str, int] = {}
        self._known = known
        self._owners = owners
        self._seen_before = seen_before
        self._intake = Intake()

    def place(self, line: int, customer: Customer, duplicates: Duplicates, *, now: datetime) -> None:
        contacts = contacts_of(customer)
        there = {owner for contact in contacts for owner in self._owners.get(contact, ())}
        before = [self._seen_before[contact] for contact in contacts if contact in self._seen_before]
        if duplicates is Duplicates.CREATE or not (there or before):
            self._add(line, customer)
        elif duplicates is Duplicates.SKIP:
            self._intake.skipped += 1
            self._report(line, "duplicate", self._whose(there, min(before, default=0), contacts))
        elif len(there) > 1:
            self._intake.failed += 1
            self._report(line, "ambiguous_duplicate", _AMBIGUOUS)
        elif there:
            self._change(line, there.pop(), customer, now=now)
        else:
            self._intake.updated.append(customer.id)

    def intake(self) -> Intake:
        self._intake.created.extend(self.new)
        self._intake.updated.extend(self._before)
        self._intake.changes.extend((before, self._known[found]) for found, before in self._before.items())
        return self._intake

    def _add(self, line: int, customer: Customer) -> None:
        self.new[customer.id] = customer
        for contact in contacts_of(customer):
            self._owners.setdefault(contact, set()).add(customer.id)
            self.lines.setdefault(contact, line)

    def _change(self, line: int, found: UUID, described: Customer, *, now: datetime) -> None:
        customer = self.new.get(found) or self._known.get(found)
        if customer is None:
            self._intake.failed += 1
            self._report(line, "changed_meanwhile", "The customer was changed while the file was read: try again.")
            return
        before = copy.copy(customer)
        try:
            changed = customer.change(completion(customer, described), now=now)
        except ValidationFailed as refusal:
            self._intake.failed += 1
            self._intake.faults += [ImportFault(line, each.field, each.code, each.message) for each in refusal.errors]
            return
        for contact in contacts_of(described):
            self._owners.setdefault(contact, set()).add(found)
        if found in self.new:
            customer.version = before.version
        elif changed:
            self._before.setdefault(found, before)
        else:
            self._intake.unchanged += 1

    def _whose(self, there: Iterable[UUID], before: int, contacts: Sequence[str]) -> str:
        what = "this e-mail address or phone number"
        at = before or min((self.lines[contact] for contact in contacts if contact in self.lines), default=0)
        if at:
            return f"The row on line {at} has {what} too."
        return f"The customer {min(there)} has {what}."

    def _report(self, line: int, code: str, message: str) -> None:
        self._intake.faults.append(ImportFault(line, "emails, phones", code, message))


def fitted(found: Found, line: int, fields: Sequence[CustomField]) -> Found:
    """The customer with custom values as their fields take them, or what is wrong with these."""
    if not isinstance(found, Customer) or not found.custom:
        return found
    texts = {field.key for field in fields if field.type not in (FieldType.BOOLEAN, FieldType.NUMBER)}
    found.custom = {
        key: written(value) if key in texts and not isinstance(value, str) else value
        for key, value in found.custom.items()
    }
    try:
        check(fields, found.custom, before={})
    except ValidationFailed as refusal:
        return [ImportFault(line, each.field, each.code, each.message) for each in refusal.errors]
    return found


def contacts_of(customer: Customer) -> tuple[str, ...]:
    return (*customer.emails, *customer.phones)


def completion(customer: Customer, described: Customer) -> ChangeCustomer:
    """What the row adds: a cell that is filled replaces a text, and is added to a list. Nothing is cleared.

    Raises `ValidationFailed` where a list would become too long.
    """
    told: dict[str, Any] = {
        name: value
        for name in ("name", "company", "notes", "preferred_language", "source")
        if (value := getattr(described, name)) is not None
    }
    for name in ("emails", "phones", "tags", "addresses"):
        if more := getattr(described, name):
            told[name] = tuple(dict.fromkeys((*getattr(customer, name), *more)))
    if described.custom:
        told["custom"] = {**customer.custom, **described.custom}
    for name, most in _MOST.items():
        if len(told.get(name, ())) > most:
            raise ValidationFailed.of(name, "too_many", f"The customer would have more than {most} of them.")
    return ChangeCustomer(**told)

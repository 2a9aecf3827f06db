"""Placing rows beside the customers who are there: each is a new one, a change of one, or nothing."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET

from domains.customers.importing.model import Duplicates, ImportFault, Intake, faults_of
from domains.customers.importing.ports import Named
from domains.customers.importing.reading import Described
from domains.customers.model import ChangeCustomer, Customer
from domains.shared.errors import ValidationFailed

_AMBIGUOUS = "Several customers have one of these e-mail addresses or phone numbers: merge them first."
_ARCHIVED = "The customer with this id is archived: restore it first."
_ERASED = "The customer with this id was erased, and is not brought back."
_MEANWHILE = "The customer was changed while the file was read: try again."
_CONTACTS = "emails, phones"


class Board:
    """Who is there, by id and by contact, with each row added as it is placed. What a row names by id goes first."""

    def __init__(
        self,
        *,
        named: Mapping[UUID, Named],
        owners: dict[str, set[UUID]],
        known: dict[UUID, Customer],
        seen_before: Mapping[str, int],
    ) -> None:
        self.new: dict[UUID, Customer] = {}
        self.lines: dict[str, int] = {}
        self._before: dict[UUID, Customer] = {}
        self._named = named
        self._owners = owners
        self._known = known
        self._seen_before = seen_before
        self._intake = Intake()

    def place(self, row: Described, duplicates: Duplicates, *, now: datetime) -> None:
        named = self._named.get(row.of) if row.of else None
        if named and named.is_erased:
            self._refuse(row, "id", "erased", _ERASED)
        elif duplicates is Duplicates.CREATE:
            self._add(row)
        elif named:
            self._place_named(row, named, duplicates, now=now)
        else:
            self._place_by_contacts(row, duplicates, now=now)

    def intake(self) -> Intake:
        self._intake.created.extend(self.new)
        self._intake.updated.extend(self._before)
        self._intake.changes.extend((before, self._known[found]) for found, before in self._before.items())
        return self._intake

    def _place_named(self, row: Described, named: Named, duplicates: Duplicates, *, now: datetime) -> None:
        if duplicates is Duplicates.SKIP:
            self._skip(row, "id", f"The customer {named.customer} has this id.")
        elif named.is_archived:
            self._refuse(row, "id", "archived", _ARCHIVED)
        else:
            self._change(row, named.customer, now=now)

    def _place_by_contacts(self, row: Described, duplicates: Duplicates, *, now: datetime) -> None:
        contacts = contacts_of(row.customer)
        there = {owner for contact in contacts for owner in self._owners.get(contact, ())}
        before = [self._seen_before[contact] for contact in contacts if contact in self._seen_before]
        if not (there or before):
            self._add(row)
        elif duplicates is Duplicates.SKIP:
            self._skip(row, _CONTACTS, self._whose(there, min(before, default=0), contacts))
        elif len(there) > 1:
            self._refuse(row, _CONTACTS, "ambiguous_duplicate", _AMBIGUOUS)
        elif there:
            self._change(row, there.pop(), now=now)
        else:
            self._intake.updated.append(row.customer.id)

    def _add(self, row: Described) -> None:
        self.new[row.customer.id] = row.customer
        for contact in contacts_of(row.customer):
            self._owners.setdefault(contact, set()).add(row.customer.id)
            self.lines.setdefault(contact, row.line)

    def _change(self, row: Described, found: UUID, *, now: datetime) -> None:
        customer = self.new.get(found) or self._known.get(found)
        if customer is None:
            self._refuse(row, _CONTACTS, "changed_meanwhile", _MEANWHILE)
            return
        before = copy.copy(customer)
        try:
            changed = customer.change(completion(customer, row.customer), now=now)
        except ValidationFailed as refusal:
            self._intake.failed += 1
            self._intake.faults += faults_of(refusal, row.line)
            return
        for contact in contacts_of(row.customer):
            self._owners.setdefault(contact, set()).add(found)
        if found in self.new:
            customer.version = before.version
        elif changed:
            self._before.setdefault(found, before)
        else:
            self._intake.unchanged += 1

    def _whose(self, there: set[UUID], before: int, contacts: Sequence[str]) -> str:
        what = "this e-mail address or phone number"
        at = before or min((self.lines[contact] for contact in contacts if contact in self.lines), default=0)
        if at:
            return f"The row on line {at} has {what} too."
        return f"The customer {min(there)} has {what}."

    def _skip(self, row: Described, field: str, message: str) -> None:
        self._intake.skipped += 1
        self._intake.faults.append(ImportFault(row.line, field, "duplicate", message))

    def _refuse(self, row: Described, field: str, code: str, message: str) -> None:
        self._intake.failed += 1
        self._intake.faults.append(ImportFault(row.line, field, code, message))


def contacts_of(customer: Customer) -> tuple[str, ...]:
    return (*customer.emails, *customer.phones)


def completion(customer: Customer, described: Customer) -> ChangeCustomer:
    """What the row adds: a cell that is filled replaces a text, and is added to a list. Nothing is cleared."""
    told: dict[str, Any] = {
        name: value
        for name in ("name", "company", "notes", "preferred_language", "source")
        if (value := getattr(described, name)) is not None
    }
    for name in ("emails", "phones", "tags", "addresses"):
        if more := getattr(described, name):
            told[name] = (*getattr(customer, name), *more)
    return ChangeCustomer(**told, custom=described.custom or UNSET)

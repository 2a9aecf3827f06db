"""Keeping the definitions of custom fields."""

import copy
from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from domains.customers.custom_fields import ChangeField, CustomField, CustomFieldsView, DefineField
from domains.customers.events import CustomFieldChanged, CustomFieldDefined, CustomFieldRemoved
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import Conflict
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork

MOST_FIELDS = 50


class CustomFields(Protocol):
    """The fields of the tenant's customers."""

    async def all(self) -> Sequence[CustomField]:
        """By key."""
        ...

    async def count(self) -> int:
        """How many there are; no other work adds one until this one ends."""
        ...

    async def add(self, field: CustomField) -> None:
        """Raises `AlreadyExists` where the key is taken."""
        ...

    async def for_change(self, field_id: UUID) -> CustomField:
        """The field, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, field: CustomField) -> None: ...

    async def remove(self, field_id: UUID) -> None: ...


class CustomFieldQueries(Protocol):
    """The fields, to be read. Needs `customers:read`."""

    async def all(self) -> CustomFieldsView:
        """By key."""
        ...


class FieldKeeping:
    """Keeps the custom fields of a business."""

    def __init__(self, actor: Actor, fields: CustomFields, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.fields = fields
        self.clock = clock
        self.work = work

    @idempotent
    async def define(self, order: DefineField) -> CustomField:
        """Define a custom field: from now on its values in `custom` are checked.

        - Values that customers have under its key already stay as they are until they are changed.
        - A key can be defined once; at most fifty fields can be defined.
        """
        self.actor.must(Permission.CUSTOMER_FIELDS_WRITE)
        field = CustomField.define(order, now=self.clock.now())
        async with self.work:
            if await self.fields.count() >= MOST_FIELDS:
                raise Conflict(f"At most {MOST_FIELDS} fields can be defined.")
            await self.fields.add(field)
            self.work.record(CustomFieldDefined(subject=field.id))
            self.work.note(Note(action="customer_field.created", subject=field.id, after=field))
            return self.work.result(field)

    async def change(self, field_id: UUID, order: ChangeField, *, expected: Collection[int] | None) -> CustomField:
        """Change the label, the type or the choices of a custom field.

        - Values that customers have stay as they are; a new one must fit.
        """
        self.actor.must(Permission.CUSTOMER_FIELDS_WRITE)
        async with self.work:
            field = await self.fields.for_change(field_id)
            must_be_current(field.version, expected)
            before = copy.copy(field)
            if changed := field.change(order, now=self.clock.now()):
                await self.fields.save(field)
                self.work.record(CustomFieldChanged.about(field, fields=changed))
                self.work.note(Note(action="customer_field.updated", subject=field.id, before=before, after=field))
        return field

    async def remove(self, field_id: UUID, *, expected: Collection[int] | None) -> None:
        """Take the definition of a custom field away.

        - Values that customers have under its key stay, and are checked no more.
        """
        self.actor.must(Permission.CUSTOMER_FIELDS_WRITE)
        async with self.work:
            field = await self.fields.for_change(field_id)
            must_be_current(field.version, expected)
            await self.fields.remove(field.id)
            self.work.record(CustomFieldRemoved.about(field))
            self.work.note(Note(action="customer_field.deleted", subject=field.id, before=field))

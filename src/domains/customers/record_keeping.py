"""Keeping the records of customers: create, change, archive, restore."""

import copy
from collections.abc import Collection, Mapping
from uuid import UUID

from domains.customers.at_hand import at_hand
from domains.customers.custom_fields import check
from domains.customers.events import CustomerArchived, CustomerChanged, CustomerCreated, CustomerRestored
from domains.customers.field_keeping import CustomFields
from domains.customers.fields import CustomValue
from domains.customers.model import ChangeCustomer, CreateCustomer, Customer
from domains.customers.ports import Customers
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.plans import Quota
from domains.shared.quotas import Quotas
from domains.shared.work import UnitOfWork


class RecordKeeping:
    """Keeps the records of a business's customers."""

    def __init__(
        self,
        actor: Actor,
        customers: Customers,
        fields: CustomFields,
        quotas: Quotas,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.customers = customers
        self.fields = fields
        self.quotas = quotas
        self.clock = clock
        self.work = work

    @idempotent
    async def create(self, order: CreateCustomer) -> Customer:
        """Create a customer.

        - `name` or `company` is required.
        - E-mail addresses are kept in lower case, phone numbers in E.164; repetitions are dropped.
        - Beyond what the plan gives it is `quota_exceeded`; archived ones do not count.
        - A value in `custom` must be one of its field, where a field is defined for the key.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        customer = Customer.create(order, now=self.clock.now())
        async with self.work:
            await self._check(customer.custom, before={})
            await self.customers.add(customer)
            self.work.record(CustomerCreated(subject=customer.id))
            self.work.note(Note(action="customer.created", subject=customer.id, after=customer))
            await self.quotas.must_hold(Quota.CUSTOMERS)
            return self.work.result(customer)

    async def change(self, customer_id: UUID, order: ChangeCustomer, *, expected: Collection[int] | None) -> Customer:
        """Change a customer.

        - An absent field stays as it is; `null` clears it; lists are replaced whole.
        - So it is with the keys in `custom`: an absent one stays, `null` takes it away.
        - A version named by `If-Match` that is not the present one is `version_conflict`.
        - A change that changes nothing leaves the version as it is.
        - Whoever was merged into another customer cannot be changed: `customer_merged`.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        async with self.work:
            customer = await at_hand(self.customers, customer_id, expected=expected)
            before = copy.copy(customer)
            changed = customer.change(order, now=self.clock.now())
            if changed:
                await self._check(customer.custom, before=before.custom)
                await self.customers.save(customer)
                self.work.record(CustomerChanged.about(customer, fields=changed))
                self.work.note(Note(action="customer.updated", subject=customer.id, before=before, after=customer))
        return customer

    async def archive(self, customer_id: UUID, *, expected: Collection[int] | None) -> None:
        """Archive a customer.

        - The record stays readable by its id and leaves the list of current customers.
        - Archiving one that is archived already changes nothing.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        async with self.work:
            customer = await at_hand(self.customers, customer_id, expected=expected)
            if customer.is_current:
                before = copy.copy(customer)
                customer.archive(now=self.clock.now())
                await self.customers.save(customer)
                self.work.record(CustomerArchived.about(customer))
                self.work.note(Note(action="customer.archived", subject=customer.id, before=before, after=customer))

    @idempotent
    async def restore(self, customer_id: UUID) -> Customer:
        """Take a customer that was archived back among the current ones. One that is current already stays as it is.

        - Beyond what the plan gives it is `quota_exceeded`.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        async with self.work:
            customer = await at_hand(self.customers, customer_id, expected=None)
            if customer.is_archived:
                before = copy.copy(customer)
                customer.restore(now=self.clock.now())
                await self.customers.save(customer)
                self.work.record(CustomerRestored.about(customer))
                self.work.note(Note(action="customer.restored", subject=customer.id, before=before, after=customer))
                await self.quotas.must_hold(Quota.CUSTOMERS)
            return self.work.result(customer)

    async def _check(self, custom: Mapping[str, CustomValue], *, before: Mapping[str, CustomValue]) -> None:
        if custom:
            check(await self.fields.all(), custom, before=before)

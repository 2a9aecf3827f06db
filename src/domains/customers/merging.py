"""Merging customers who are the same: one stands for the other from then on, and for thirty days that can be undone."""

import copy
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.customers.events import CustomerChanged, CustomerMergedAway, CustomerUnmerged
from domains.customers.model import Customer
from domains.customers.ports import Customers
from domains.customers.sharing import DETAILS, Contribution
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import Conflict, DeadlinePassed, ValidationFailed
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork

UNDONE_WITHIN = timedelta(days=30)


class MergeCustomer(Command, frozen=True):
    """The id of the customer who stays."""

    into: Annotated[UUID, Meta(examples=["0192f0c1-2b3c-7d4e-8f50-617283940a1b"])]


class Merger(msgspec.Struct, frozen=True, kw_only=True):
    """That `customer` was merged into `into`, and what that one has from it."""

    customer: UUID
    into: UUID
    merged_at: datetime
    contribution: Contribution


class Mergers(Protocol):
    """What was merged in the tenant, and not undone."""

    async def add(self, merger: Merger) -> None: ...

    async def of(self, customer: UUID) -> Merger | None: ...

    async def into(self, survivor: UUID) -> Sequence[UUID]:
        """Who was merged into this one directly, the first first."""
        ...

    async def contribute(self, customer: UUID, more: Contribution) -> None:
        """Add to what the survivor has from this one."""
        ...

    async def remove(self, customer: UUID) -> None: ...


class Merging:
    """Merges customers, and parts them again."""

    def __init__(self, actor: Actor, customers: Customers, mergers: Mergers, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.customers = customers
        self.mergers = mergers
        self.clock = clock
        self.work = work

    @idempotent
    async def merge(self, customer_id: UUID, order: MergeCustomer, *, expected: Collection[int] | None) -> Customer:
        """Merge a customer into another one, and answer with that one.

        - It takes over what it lacks: numbers, addresses, tags, and values where it has none.
        - All that refers to the merged customer is from now on shown with the other, and a search for it finds that.
        - The merged record stays readable by its id, with `mergedInto`; it is in no list, and cannot be changed.
        - Who stays is a current customer, unless both are archived.
        - It can be undone for thirty days: `unmerge`.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        if order.into == customer_id:
            raise ValidationFailed.of("into", "same", "A customer cannot be merged into itself.")
        async with self.work:
            merged, survivor = await self._both(customer_id, order.into)
            must_be_current(merged.version, expected)
            merged.must_stand_for_itself()
            survivor.must_stand_for_itself()
            before, now = copy.copy(merged), self.clock.now()
            merged.merge(survivor, now=now)
            await self._keep(before, merged)
            self.work.record(CustomerMergedAway.about(merged, customer_id=survivor.id))
            await self._share(merged, survivor, now=now)
            return self.work.result(survivor)

    @idempotent
    async def unmerge(self, customer_id: UUID) -> Customer:
        """Undo a merger within thirty days, and answer with the customer that stands for itself again.

        - The other one gives back what it took over, unless that was changed since.
        - All that refers to the customer is its own again.
        - Where the other one was merged itself, that is undone first; later than thirty days is `deadline_passed`.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        async with self.work:
            merger = await self._undoable(customer_id)
            merged, survivor = await self._both(customer_id, merger.into)
            survivor.must_stand_for_itself()
            if merged.merged_into != merger.into:
                raise _not_merged()
            before, now = copy.copy(merged), self.clock.now()
            merged.unmerge(now=now)
            await self._keep(before, merged)
            await self.mergers.remove(merged.id)
            self.work.record(CustomerUnmerged.about(merged, customer_id=survivor.id))
            await self._give_back(merger.contribution, survivor, now=now)
            return self.work.result(merged)

    async def _both(self, one: UUID, other: UUID) -> tuple[Customer, Customer]:
        """Both customers, locked in the order of their ids: two that are merged into each other wait, and one wins."""
        found = {each: await self.customers.for_change(each) for each in sorted((one, other))}
        return found[one], found[other]

    async def _undoable(self, customer_id: UUID) -> Merger:
        merger = await self.mergers.of(customer_id)
        if merger is None:
            await self.customers.for_change(customer_id)
            raise _not_merged()
        if self.clock.now() > merger.merged_at + UNDONE_WITHIN:
            raise DeadlinePassed("A merger can be undone for thirty days.")
        return merger

    async def _share(self, merged: Customer, survivor: Customer, *, now: datetime) -> None:
        contribution = Contribution.to(survivor, merged)
        await self.mergers.add(Merger(customer=merged.id, into=survivor.id, merged_at=now, contribution=contribution))
        await self._hold(survivor, contribution.added_to(survivor), now=now)

    async def _give_back(self, contribution: Contribution, survivor: Customer, *, now: datetime) -> None:
        """What others who were merged have too is theirs from now on, and stays."""
        left = copy.copy(survivor)
        left.hold(contribution.taken_from(survivor), now=now)
        for other in await self.mergers.into(survivor.id):
            shared = Contribution.to(left, await self.customers.for_change(other))
            await self.mergers.contribute(other, shared)
            left.hold(shared.added_to(left), now=now)
        await self._hold(survivor, {name: getattr(left, name) for name in DETAILS}, now=now)

    async def _hold(self, customer: Customer, details: dict[str, Any], *, now: datetime) -> None:
        """Saved even where nothing is different: what a customer is found by has changed."""
        before = copy.copy(customer)
        if changed := customer.hold(details, now=now):
            self.work.record(CustomerChanged.about(customer, fields=changed))
            self.work.note(Note(action="customer.updated", subject=customer.id, before=before, after=customer))
        await self.customers.save(customer)

    async def _keep(self, before: Customer, merged: Customer) -> None:
        action = "customer.merged" if before.merged_into is None else "customer.unmerged"
        self.work.note(Note(action=action, subject=merged.id, before=before, after=merged))
        await self.customers.save(merged)


def _not_merged() -> Conflict:
    return Conflict("The customer stands for itself.")

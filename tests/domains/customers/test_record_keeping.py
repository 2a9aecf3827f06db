"""Keeping the records of customers, on fakes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domains.customers import (
    ChangeCustomer,
    CreateCustomer,
    CustomerArchived,
    CustomerChanged,
    CustomerCreated,
    RecordKeeping,
)
from domains.shared.errors import Forbidden, NotFound, ValidationFailed, VersionConflict
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.fakes import CommitLost, MemoryWork, StillClock, actor
from tests.support.fakes_customers import MemoryCustomers, MemoryCustomFields

GRACE = CreateCustomer(name="Grace Hopper", tags=("vip",))


class Desk:
    """Somebody at work on the customers of one business."""

    def __init__(self, role: Role = Role.STAFF) -> None:
        self.clock = StillClock()
        self.actor = actor(role)
        self.work = MemoryWork(self.actor.tenant)
        self.records = RecordKeeping(
            self.actor, MemoryCustomers(self.work), MemoryCustomFields(self.work), self.clock, self.work
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_customer_is_created_and_told(desk: Desk) -> None:
    customer = await desk.records.create(GRACE)
    assert desk.work.recorded == [(desk.actor.tenant, CustomerCreated(subject=customer.id))]
    assert desk.work.tables["customers"][desk.actor.tenant, customer.id] == customer


async def test_a_change_is_saved_and_told_by_the_names_of_its_fields(desk: Desk) -> None:
    customer = await desk.records.create(GRACE)
    desk.clock.advance(timedelta(minutes=5))
    order = ChangeCustomer(name="Rear Admiral Hopper", notes="secret")
    changed = await desk.records.change(customer.id, order, expected=None)
    assert desk.work.tables["customers"][desk.actor.tenant, customer.id] == changed
    assert (changed.version, changed.updated_at) == (2, desk.clock.now())
    event = desk.work.events[-1]
    assert event == CustomerChanged(subject=customer.id, subject_version=2, fields=["name", "notes"])
    assert "secret" not in repr(event)


async def test_a_change_that_changes_nothing_is_not_told(desk: Desk) -> None:
    customer = await desk.records.create(GRACE)
    same = await desk.records.change(customer.id, ChangeCustomer(name=" Grace Hopper"), expected=[1])
    assert same == customer
    assert [type(event) for event in desk.work.events] == [CustomerCreated]


async def test_a_stale_version_is_refused_and_nothing_is_changed(desk: Desk) -> None:
    customer = await desk.records.create(GRACE)
    await desk.records.change(customer.id, ChangeCustomer(notes="first"), expected=[1])
    for refused in (
        desk.records.change(customer.id, ChangeCustomer(notes="second"), expected=[1]),
        desk.records.archive(customer.id, expected=[1]),
    ):
        with pytest.raises(VersionConflict):
            await refused
    kept = desk.work.tables["customers"][desk.actor.tenant, customer.id]
    assert (kept.notes, kept.version, kept.archived_at) == ("first", 2, None)
    assert len(desk.work.events) == 2


async def test_archiving_is_told_once(desk: Desk) -> None:
    customer = await desk.records.create(GRACE)
    await desk.records.archive(customer.id, expected=None)
    desk.clock.advance(timedelta(days=1))
    await desk.records.archive(customer.id, expected=None)
    kept = desk.work.tables["customers"][desk.actor.tenant, customer.id]
    assert (kept.version, kept.archived_at) == (2, desk.clock.now() - timedelta(days=1))
    assert desk.work.events[1:] == [CustomerArchived(subject=customer.id, subject_version=2)]


async def test_what_is_refused_leaves_no_trace(desk: Desk) -> None:
    with pytest.raises(ValidationFailed):
        await desk.records.create(CreateCustomer(notes="nameless"))
    with pytest.raises(NotFound):
        await desk.records.change(new_id(), ChangeCustomer(notes="x"), expected=None)
    with pytest.raises(NotFound):
        await desk.records.archive(new_id(), expected=None)
    assert (desk.work.commits, desk.work.recorded) == (0, [])


async def test_what_is_not_committed_is_not_answered(desk: Desk) -> None:
    desk.work.fails = True
    with pytest.raises(CommitLost):
        await desk.records.create(GRACE)
    assert (desk.work.tables, desk.work.recorded) == ({}, [])


Call = Callable[[RecordKeeping], Awaitable[object]]
CALLS: list[Call] = [
    lambda records: records.create(GRACE),
    lambda records: records.change(new_id(), ChangeCustomer(), expected=None),
    lambda records: records.archive(new_id(), expected=None),
]


@pytest.mark.parametrize("call", CALLS)
async def test_a_member_keeps_no_records(call: Call) -> None:
    member = Desk(Role.MEMBER)
    with pytest.raises(Forbidden):
        await call(member.records)
    assert (member.work.commits, member.work.tables) == (0, {})


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.STAFF])
async def test_staff_and_those_above_keep_records(role: Role) -> None:
    desk = Desk(role)
    assert (await desk.records.create(GRACE)).version == 1

"""The customers of the demo business and what happened to them over months, each by its use case and at its time."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from dishka import AsyncContainer

from domains.customers import AddNote, Contacts, NoteTaking, RecordKeeping
from domains.customers.demo_business import DemoCustomer, Happening, demo_customers
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork
from frontdesk.callers import Caller
from infra.clock import StoppedClock
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin

_LANES = 3


async def bring_customers(
    container: AsyncContainer, owner: Actor, customers: Sequence[DemoCustomer] | None = None
) -> int:
    """Make those who are not there yet, known by their first e-mail address. Say how many that were."""
    today = (await container.get(BusinessClock)).now()
    missing = await _missing(container, owner, demo_customers() if customers is None else customers)
    lanes = [missing[at::_LANES] for at in range(_LANES)]
    async with asyncio.TaskGroup() as working:
        for lane in lanes:
            working.create_task(_live(container, owner, lane, today))
    return len(missing)


async def _missing(container: AsyncContainer, owner: Actor, customers: Iterable[DemoCustomer]) -> list[DemoCustomer]:
    wanted = {customer.order.emails[0]: customer for customer in customers}
    async with container(context=_context(owner, (await container.get(BusinessClock)).now())) as scope:
        contacts = await scope.get(Contacts)
        async with await scope.get(UnitOfWork):
            known = {found.contact for found in await contacts.owners(list(wanted))}
    return [customer for email, customer in wanted.items() if email not in known]


async def _live(container: AsyncContainer, owner: Actor, customers: Iterable[DemoCustomer], today: datetime) -> None:
    for customer in customers:
        came = today - timedelta(days=customer.days_ago)
        async with container(context=_context(owner, came)) as scope:
            made = await (await scope.get(RecordKeeping)).create(customer.order)
        for happening in customer.later:
            await _happen(container, owner, made.id, happening, today)


async def _happen(
    container: AsyncContainer, owner: Actor, customer: UUID, happening: Happening, today: datetime
) -> None:
    async with container(context=_context(owner, today - timedelta(days=happening.days_ago))) as scope:
        if happening.note is not None:
            await (await scope.get(NoteTaking)).add(customer, AddNote(text=happening.note))
        if happening.change is not None:
            await (await scope.get(RecordKeeping)).change(customer, happening.change, expected=None)
        if happening.archived:
            await (await scope.get(RecordKeeping)).archive(customer, expected=None)


def _context(owner: Actor, at: datetime) -> dict[type, object]:
    caller = Caller(tenant=owner.tenant, origin=Origin("demo", owner.user))
    return {Clock: StoppedClock(at), Caller: caller, Actor: owner}

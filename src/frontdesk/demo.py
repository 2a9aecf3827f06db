"""The demo tenant: a business with an owner and some customers, made through the same use cases as any other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

import msgspec
from dishka import AsyncContainer

from domains.customers import RecordKeeping
from domains.customers.demo import CUSTOMERS
from domains.identity import Accounts, Admission, PasswordHasher, Register, Registering
from domains.quotes import ChangeQuoteStatus, Deciding, Drafting
from domains.quotes.demo import STATUSES, quote_for
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.work import UnitOfWork
from domains.users import Profiles
from domains.users.demo import OWNER_PROFILE, OWNER_STATUS
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.demo_login import DEMO_EMAIL
from frontdesk.ingredients import ingredients_of
from frontdesk.refusal import Refusal
from frontdesk.self_confirming import confirmed
from frontdesk.settings import Settings
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin

_NO_SERVER = "smtp://127.0.0.1:1"


async def ensure_demo(settings: Settings, password: str) -> None:
    """Make the demo tenant unless it is there. Raise `Refusal` if it is there with another password."""
    made_of = ingredients_of(msgspec.structs.replace(settings, smtp_url=settings.smtp_url or _NO_SERVER))
    container = worker_container(made_of)
    try:
        if not await _is_there(container, password):
            await _furnish(container, await _found(container, password))
    finally:
        await container.close()


async def _is_there(container: AsyncContainer, password: str) -> bool:
    async with _at_work(container) as scope:
        accounts = await scope.get(Accounts)
        async with await scope.get(UnitOfWork):
            known = await accounts.credentials(DEMO_EMAIL)
        if known is None or known.account is None:
            return False
        if not await (await scope.get(PasswordHasher)).verify(password, known.password_hash):
            raise Refusal(f"{DEMO_EMAIL} is there already, with another password than the data folder holds.")
        return True


async def _found(container: AsyncContainer, password: str) -> Admission:
    order = Register(
        tenant_name="Harbor Plumbing",
        email=DEMO_EMAIL,
        password=password,
        display_name="Grace Hopper",
        agree_to_terms=True,
        timezone="America/New_York",
        currency="USD",
    )
    async with _at_work(container) as scope:
        await (await scope.get(Registering)).start(order)
    return await confirmed(partial(_at_work, container), DEMO_EMAIL)


@asynccontextmanager
async def _at_work(container: AsyncContainer) -> AsyncIterator[AsyncContainer]:
    caller = Caller(tenant=None, origin=Origin("demo"))
    async with container(context={Clock: await container.get(BusinessClock), Caller: caller}) as scope:
        yield scope


async def _furnish(container: AsyncContainer, admission: Admission) -> None:
    owner = Actor(
        tenant=admission.tenant, user=admission.user, account=admission.account, session=new_id(), role=Role.OWNER
    )
    caller = Caller(tenant=admission.tenant, origin=Origin("demo", admission.user))
    async with container(context={Clock: await container.get(BusinessClock), Caller: caller, Actor: owner}) as scope:
        profiles, keeping = await scope.get(Profiles), await scope.get(RecordKeeping)
        await profiles.change(OWNER_PROFILE, expected=None)
        await profiles.set_status(OWNER_STATUS)
        for order in CUSTOMERS:
            customer = await keeping.create(order)
            await _quote(scope, order.name or order.company or "", customer.id)


async def _quote(scope: AsyncContainer, name: str, customer: UUID) -> None:
    drafting, deciding = await scope.get(Drafting), await scope.get(Deciding)
    if order := quote_for(name, customer):
        quote = await drafting.create(order)
        for status in STATUSES[name]:
            await deciding.move(quote.id, ChangeQuoteStatus(status=status), expected=None)

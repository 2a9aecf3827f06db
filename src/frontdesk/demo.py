"""The demo tenant: a business with an owner and some customers, made through the same use cases as any other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import msgspec
from dishka import AsyncContainer

from domains.customers import RecordKeeping
from domains.customers.demo import CUSTOMERS
from domains.identity import Accounts, Admission, LogIn, PasswordHasher, Register, Registering, SigningIn
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.work import UnitOfWork
from domains.tenants import ProfileKeeping
from domains.tenants.demo import BUSINESS
from domains.users import Profiles
from domains.users.demo import OWNER_PROFILE, OWNER_STATUS
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.demo_calendar import fill_calendar
from frontdesk.demo_customers import bring_customers
from frontdesk.demo_documents import list_prices, write_documents
from frontdesk.demo_login import DEMO_EMAIL
from frontdesk.demo_team import join_team
from frontdesk.ingredients import ingredients_of
from frontdesk.refusal import Refusal
from frontdesk.self_confirming import confirmed
from frontdesk.settings import Settings
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin

_NO_SERVER = "smtp://127.0.0.1:1"


async def ensure_demo(settings: Settings, password: str, *, quick: bool) -> None:
    """Make the demo tenant unless it is there, and, unless `quick`, those of its 2,000 customers who are not there.

    Raise `Refusal` if it is there with another password.
    """
    made_of = ingredients_of(msgspec.structs.replace(settings, smtp_url=settings.smtp_url or _NO_SERVER))
    container = worker_container(made_of)
    try:
        if not await _is_there(container, password):
            await _furnish(container, await _found(container, password), password)
        if not quick:
            await bring_customers(container, await _owner(container, password))
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
        tenant_name="Seabright Plumbing",
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


async def _owner(container: AsyncContainer, password: str) -> Actor:
    async with _at_work(container) as scope:
        signed_in = await (await scope.get(SigningIn)).with_password(LogIn(email=DEMO_EMAIL, password=password))
    user = signed_in.user.id
    return Actor(tenant=signed_in.tenant.id, user=user, account=user, session=new_id(), role=Role.OWNER)


@asynccontextmanager
async def _at_work(container: AsyncContainer, actor: Actor | None = None) -> AsyncIterator[AsyncContainer]:
    caller = Caller(tenant=None, origin=Origin("demo"))
    context: dict[type, object] = {Clock: await container.get(BusinessClock), Caller: caller}
    if actor is not None:
        context |= {Actor: actor, Caller: Caller(tenant=actor.tenant, origin=Origin("demo", actor.user))}
    async with container(context=context) as scope:
        yield scope


async def _furnish(container: AsyncContainer, admission: Admission, password: str) -> None:
    owner = Actor(
        tenant=admission.tenant, user=admission.user, account=admission.account, session=new_id(), role=Role.OWNER
    )
    async with _at_work(container, owner) as scope:
        await (await scope.get(ProfileKeeping)).change(BUSINESS, expected=None)
        profiles, keeping = await scope.get(Profiles), await scope.get(RecordKeeping)
        await profiles.change(OWNER_PROFILE, expected=None)
        await profiles.set_status(OWNER_STATUS)
        prices = await list_prices(scope)
        customers = []
        for order in CUSTOMERS:
            customers.append((await keeping.create(order)).id)
            await write_documents(scope, order.name or order.company or "", customers[-1], prices)
        await fill_calendar(scope, admission, customers)
    await join_team(partial(_at_work, container), owner, password)

"""The demo tenant: a business with an owner and some customers, made through the same use cases as any other."""

import msgspec
from dishka import AsyncContainer

from domains.customers import RecordKeeping
from domains.customers.demo import CUSTOMERS
from domains.identity import (
    Accounts,
    Admission,
    Codes,
    Confirming,
    PasswordHasher,
    Register,
    Registering,
    Registrations,
    VerificationLetters,
    VerifyEmail,
)
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.errors import InvalidCode
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
from frontdesk.settings import Settings
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin

_NO_SERVER = "smtp://127.0.0.1:1"
_TRIES = 8


class KeptLetters:
    """The `Letters` that keep their words in place of sending them."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    async def send(self, *, to: str, template: str, words: dict[str, str], language: str | None = None) -> None:
        self.words = {"to": to, "template": template, "language": language or "en", **words}


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
    async with container(
        context={Clock: await container.get(BusinessClock), Caller: Caller(tenant=None, origin=Origin("demo"))}
    ) as scope:
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
    async with container(
        context={Clock: await container.get(BusinessClock), Caller: Caller(tenant=None, origin=Origin("demo"))}
    ) as scope:
        await (await scope.get(Registering)).start(order)
    for _ in range(_TRIES):
        try:
            return await _confirm(container)
        except InvalidCode:
            continue
    raise Refusal("The demo tenant's address could not be confirmed.")


async def _confirm(container: AsyncContainer) -> Admission:
    """A running worker mails a code too, and the newest alone is good: then it is `InvalidCode`."""
    async with container(
        context={Clock: await container.get(BusinessClock), Caller: Caller(tenant=None, origin=Origin("demo"))}
    ) as scope:
        registrations, work = await scope.get(Registrations), await scope.get(UnitOfWork)
        async with work:
            found = await registrations.latest(DEMO_EMAIL)
        if found is None:
            raise InvalidCode("There is nothing to confirm.")
        kept = KeptLetters()
        letters = VerificationLetters(registrations, kept, await scope.get(Codes), await scope.get(Clock), work)
        await letters.send(found[0])
        return await (await scope.get(Confirming)).confirm(VerifyEmail(email=DEMO_EMAIL, code=kept.words["code"]))


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
            await keeping.create(order)

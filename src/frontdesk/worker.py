"""The worker process: does what follows a commit, and what has come to its time."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer

from domains.identity import FORGET_REGISTRATION, Forgetting, VerificationLetters
from domains.shared.clock import Clock
from domains.shared.envelopes import Envelope
from frontdesk.container import Caller, worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.settings import Settings
from frontdesk.subscriptions import MAIL_CODE
from infra.clock import StoppedClock
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.envelopes import PostgresEnvelopes
from infra.postgres.events import PostgresEvents
from infra.postgres.numbering import Numbering
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from workers.live import LiveRelay
from workers.relay import Handler, Relay

_FINDING_CONNECTIONS = 2


def run() -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun."""
    settings = Settings.load()
    configure_logs(settings)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    container = worker_container(ingredients_of(settings))
    finding = Database(relay_url(settings), size=_FINDING_CONNECTIONS)
    try:
        envelopes = PostgresEnvelopes(finding=finding, taking=await container.get(Database))
        async with asyncio.TaskGroup() as parts:
            parts.create_task(Relay(envelopes, handlers(container)).run(stop))
            parts.create_task(LiveRelay(Numbering(relay_url(settings))).run(stop))
    finally:
        await finding.close()
        await container.close()


def handlers(container: AsyncContainer) -> dict[str, Handler]:
    """What the worker does with each kind of envelope: those of `frontdesk.subscriptions`, and those of a time."""

    async def mail_code(envelope: Envelope) -> None:
        async with _scope(container, envelope, await container.get(BusinessClock)) as scope:
            events = await scope.get(PostgresEvents)
            letters = await scope.get(VerificationLetters)
            await letters.send(await events.subject_of(envelope.subject))

    async def forget_registration(envelope: Envelope) -> None:
        async with _scope(container, envelope, StoppedClock(envelope.due_at)) as scope:
            (await scope.get(PostgresWork)).settles(envelope.id)
            await (await scope.get(Forgetting)).forget(envelope.subject)

    return {MAIL_CODE: mail_code, FORGET_REGISTRATION: forget_registration}


@asynccontextmanager
async def _scope(container: AsyncContainer, envelope: Envelope, clock: Clock) -> AsyncIterator[AsyncContainer]:
    """The parts for one envelope. What has a time of its own is done as of that time, however late it is."""
    caller = Caller(tenant=envelope.tenant, origin=Origin(correlation=str(envelope.id)))
    async with container(context={Caller: caller, Clock: clock}) as scope:
        yield scope

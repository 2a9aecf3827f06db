"""The worker process: does what follows a commit."""

import asyncio
import signal

from dishka import AsyncContainer

from domains.identity import VerificationLetters
from domains.shared.outbox import Envelope
from frontdesk.container import Caller, worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.settings import Settings
from frontdesk.subscriptions import MAIL_CODE
from infra.postgres.database import Database
from infra.postgres.outbox import PostgresEvents, PostgresOutbox
from infra.postgres.recording import Origin
from workers.relay import Handler, Relay

_RELAY_CONNECTIONS = 2


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
    database = Database(relay_url(settings), size=_RELAY_CONNECTIONS)
    try:
        await Relay(PostgresOutbox(database), handlers(container)).run(stop)
    finally:
        await database.close()
        await container.close()


def handlers(container: AsyncContainer) -> dict[str, Handler]:
    """The worker's half of `frontdesk.subscriptions`: a handler for every subscriber that is named there."""

    async def mail_code(envelope: Envelope) -> None:
        async with container(context={Caller: _caller(envelope)}) as scope:
            events = await scope.get(PostgresEvents)
            letters = await scope.get(VerificationLetters)
            await letters.send(await events.subject_of(envelope.event))

    return {MAIL_CODE: mail_code}


def _caller(envelope: Envelope) -> Caller:
    return Caller(tenant=envelope.tenant, origin=Origin(correlation=str(envelope.event)))

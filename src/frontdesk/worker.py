"""The worker process: does what follows a commit."""

import asyncio
import signal

from dishka import AsyncContainer

from domains.identity import VerificationLetters
from domains.shared.outbox import Envelope
from frontdesk.alert_rules import rules_of_the_worker
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import VERSION, ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.observing import observed
from frontdesk.settings import Settings
from frontdesk.subscriptions import MAIL_CODE
from frontdesk.telemetry import Telemetry, telemetry_of
from infra.postgres.audit_log import PostgresSeals
from infra.postgres.database import Database
from infra.postgres.outbox import PostgresEvents, PostgresOutbox
from infra.postgres.work import Origin
from workers.relay import Handler, Relay
from workers.sealer import Sealer
from workers.watching import watched

_RELAY_CONNECTIONS = 2


def run() -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun."""
    settings = Settings.load()
    telemetry = telemetry_of(settings, role="worker", version=VERSION)
    configure_logs(settings, reports=telemetry.reports)
    asyncio.run(_work(settings, telemetry))


async def _work(settings: Settings, telemetry: Telemetry) -> None:
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    container = worker_container(ingredients_of(settings), telemetry)
    database = Database(relay_url(settings), size=_RELAY_CONNECTIONS)
    of, seen_by = settings.observing, telemetry.envelope_watches
    rules = rules_of_the_worker(of, telemetry.instruments.envelopes, database)
    try:
        async with (
            observed(telemetry, of, container=container, port=of.worker_metrics_port, rules=rules),
            asyncio.TaskGroup() as parts,
        ):
            handling = watched(handlers(container), seen_by)
            parts.create_task(Relay(PostgresOutbox(database), handling).run(stop))
            parts.create_task(Sealer(PostgresSeals(database)).run(stop))
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

"""The worker process: does what follows a commit, and what has come to its time."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer

from domains.shared.clock import Clock
from domains.shared.envelopes import Envelope
from frontdesk.alert_rules import rules_of_the_worker
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import VERSION, ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.observing import observed
from frontdesk.settings import Settings
from frontdesk.subscriptions import FOLLOW_UPS
from frontdesk.telemetry import Telemetry, telemetry_of
from infra.clock import StoppedClock
from infra.postgres.audit_log import PostgresSeals
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.envelopes import PostgresEnvelopes
from infra.postgres.events import PostgresEvents
from infra.postgres.numbering import Numbering
from infra.postgres.recording import Origin
from infra.postgres.sweeping import PostgresSweeps
from infra.postgres.work import PostgresWork
from infra.redis.bell import RedisAnnouncer
from workers.follow_ups import FollowUp
from workers.live import LiveRelay
from workers.relay import Handler, Relay
from workers.sealer import Sealer
from workers.sweeper import Sweeper
from workers.watching import watched

_FINDING_CONNECTIONS = 2


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
    finding = Database(relay_url(settings), size=_FINDING_CONNECTIONS)
    of, seen_by = settings.observing, telemetry.envelope_watches
    rules = rules_of_the_worker(of, telemetry.instruments.envelopes, finding)
    try:
        envelopes = PostgresEnvelopes(finding=finding, taking=await container.get(Database))
        async with (
            observed(telemetry, of, container=container, port=of.worker_metrics_port, rules=rules),
            asyncio.TaskGroup() as parts,
        ):
            parts.create_task(Relay(envelopes, watched(handlers(container), seen_by)).run(stop))
            parts.create_task(Sealer(PostgresSeals(finding)).run(stop))
            parts.create_task(Sweeper(PostgresSweeps(finding), telemetry.instruments.count_swept).run(stop))
            parts.create_task(LiveRelay(_numbering(settings)).run(stop))
    finally:
        await finding.close()
        await container.close()


def _numbering(settings: Settings) -> Numbering:
    announce = RedisAnnouncer(settings.redis_url).announce if settings.redis_url else None
    return Numbering(relay_url(settings), announce=announce)


def handlers(container: AsyncContainer) -> dict[str, Handler]:
    """A handler for each kind of envelope."""
    return {kind: _handler(container, follow_up) for kind, follow_up in FOLLOW_UPS.items()}


def _handler(container: AsyncContainer, follow_up: FollowUp) -> Handler:
    async def handle(envelope: Envelope) -> None:
        clock = await container.get(BusinessClock) if follow_up.of_event else StoppedClock(envelope.due_at)
        async with _scope(container, envelope, clock) as scope:
            capability: object = await scope.get(follow_up.capability)
            subject = envelope.subject
            if follow_up.of_event:
                subject = await (await scope.get(PostgresEvents)).subject_of(subject)
            if follow_up.settles:
                (await scope.get(PostgresWork)).settles(envelope.id)
            await follow_up.verb(capability, subject)

    return handle


@asynccontextmanager
async def _scope(container: AsyncContainer, envelope: Envelope, clock: Clock) -> AsyncIterator[AsyncContainer]:
    """The parts for one envelope. What has a time of its own is done as of that time, however late it is."""
    caller = Caller(tenant=envelope.tenant, origin=Origin(correlation=str(envelope.id)))
    async with container(context={Caller: caller, Clock: clock}) as scope:
        yield scope

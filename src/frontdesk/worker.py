"""The worker process: does what follows a commit, and what has come to its time."""

import asyncio
import signal

from frontdesk.alert_rules import rules_of_the_worker
from frontdesk.container import worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import VERSION, ingredients_of
from frontdesk.logs import configure_logs
from frontdesk.observing import observed
from frontdesk.relaying import relay_over
from frontdesk.settings import Settings
from frontdesk.telemetry import Telemetry, telemetry_of
from infra.postgres.audit_log import PostgresSeals
from infra.postgres.database import Database
from infra.postgres.numbering import Numbering
from infra.postgres.sweeping import PostgresSweeps
from infra.redis.bell import RedisAnnouncer
from workers.live import LiveRelay
from workers.sealer import Sealer
from workers.sweeper import Sweeper

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
    of = settings.observing
    rules = rules_of_the_worker(of, telemetry.instruments.envelopes, finding)
    try:
        relay = await relay_over(container, finding, telemetry.envelope_watches)
        async with (
            observed(telemetry, of, container=container, port=of.worker_metrics_port, rules=rules),
            asyncio.TaskGroup() as parts,
        ):
            parts.create_task(relay.run(stop))
            parts.create_task(Sealer(PostgresSeals(finding)).run(stop))
            parts.create_task(Sweeper(PostgresSweeps(finding), telemetry.instruments.count_swept).run(stop))
            parts.create_task(LiveRelay(_numbering(settings)).run(stop))
    finally:
        await finding.close()
        await container.close()


def _numbering(settings: Settings) -> Numbering:
    announce = RedisAnnouncer(settings.redis_url).announce if settings.redis_url else None
    return Numbering(relay_url(settings), announce=announce)

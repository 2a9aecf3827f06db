"""The worker process: does what follows a commit, and what has come to its time."""

import asyncio
import contextlib
import signal
from importlib.metadata import version

import uvloop

from frontdesk.alert_rules import rules_of_jobs, rules_of_the_worker
from frontdesk.container import worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import VERSION, ingredients_of
from frontdesk.jobs import job_parts, queue_at
from frontdesk.logs import configure_logs
from frontdesk.migrated import must_be_migrated
from frontdesk.observing import observed
from frontdesk.relaying import relay_over
from frontdesk.settings import Settings
from frontdesk.stop_signals import ONE_WISH_SECONDS
from frontdesk.telemetry import Telemetry, telemetry_of
from infra.postgres.agreed_times import FollowedRules
from infra.postgres.audit_log import PostgresSeals
from infra.postgres.database import Database
from infra.postgres.job_envelopes import PostgresJobEnvelopes
from infra.postgres.numbering import Numbering
from infra.postgres.sweeping import PostgresSweeps
from infra.redis.bell import RedisAnnouncer
from workers.live import LiveRelay
from workers.sealer import Sealer
from workers.sweeper import Sweeper
from workers.zone_rules import ZoneRuleFollower

_FINDING_CONNECTIONS = 2


def run() -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun; told twice, end at once."""
    settings = Settings.load()
    telemetry = telemetry_of(settings, role="worker", version=VERSION)
    configure_logs(settings, reports=telemetry.reports)
    with contextlib.suppress(asyncio.CancelledError):
        uvloop.run(_work(settings, telemetry))


async def _work(settings: Settings, telemetry: Telemetry) -> None:
    stop = _stop_signalled()
    await must_be_migrated(settings)
    container = worker_container(ingredients_of(settings), telemetry)
    finding = Database(relay_url(settings), size=_FINDING_CONNECTIONS)
    of, instruments = settings.observing, telemetry.instruments
    rules = {**rules_of_the_worker(of, instruments.envelopes, finding), **rules_of_jobs(of, instruments.jobs, finding)}
    queue = queue_at(redis_url=settings.redis_url, relay_url=relay_url(settings))
    try:
        relay = await relay_over(container, finding, telemetry.envelope_watches)
        jobs = PostgresJobEnvelopes(finding=finding, taking=await container.get(Database))
        async with (
            observed(telemetry, of, container=container, port=of.worker_metrics_port, rules=rules),
            asyncio.TaskGroup() as parts,
        ):
            parts.create_task(relay.run(stop))
            parts.create_task(Sealer(PostgresSeals(finding)).run(stop))
            for part in job_parts(container, jobs, queue, instruments.jobs):
                parts.create_task(part.run(stop))
            parts.create_task(Sweeper(PostgresSweeps(finding), telemetry.instruments.count_swept).run(stop))
            parts.create_task(ZoneRuleFollower(FollowedRules(finding), version("tzdata")).run(stop))
            parts.create_task(LiveRelay(_numbering(settings)).run(stop))
    finally:
        await finding.close()
        await container.close()


def _stop_signalled() -> asyncio.Event:
    """Set at the first wish to stop. A second one cancels the task that asks, and with it what it has begun."""
    loop, stop, working = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()
    last = loop.time()

    def wish() -> None:
        nonlocal last
        if not stop.is_set():
            stop.set()
        elif working and loop.time() - last > ONE_WISH_SECONDS:
            working.cancel()
        last = loop.time()

    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, wish)
    return stop


def _numbering(settings: Settings) -> Numbering:
    announce = RedisAnnouncer(settings.redis_url).announce if settings.redis_url else None
    return Numbering(relay_url(settings), announce=announce)

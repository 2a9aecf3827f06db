"""Which rules a process watches itself by, and where it finds their values."""

from domains.shared.errors import Unavailable
from frontdesk.observing_settings import ObservingSettings
from infra.alerts.rules import Rule
from infra.alerts.watching import Reading
from infra.metrics.envelopes import EnvelopeMeter
from infra.metrics.instruments import Instruments
from infra.metrics.jobs import JobMeter
from infra.metrics.recent import WINDOW_SECONDS
from infra.postgres.backlog import Backlog, backlog
from infra.postgres.database import Database
from infra.postgres.health import PostgresHealth
from infra.postgres.job_envelopes import job_backlog
from infra.postgres.unsettled import in_doubt

CALLS_IN_DOUBT = Rule(name="calls_in_doubt", unit="calls", threshold=1, quiet_below=1, raise_after=1, quiet_after=1)
FOREIGN_WEBHOOKS = Rule(
    name="foreign_webhooks", unit="in 5 min", threshold=1, quiet_below=1, raise_after=1, quiet_after=1
)
DATABASE_DOWN = Rule(name="database_down", unit="of 1", threshold=1, quiet_below=1)


def rules_of_every_process(of: ObservingSettings, instruments: Instruments, database: Database) -> dict[Rule, Reading]:
    """The database as this process meets it, and the providers that it calls."""
    health = PostgresHealth(database)

    async def is_down() -> float:
        try:
            await health.check()
        except (Unavailable, OSError):
            return 1.0
        return 0.0

    async def failures() -> float:
        return float(instruments.providers.failures(within=WINDOW_SECONDS))

    return {DATABASE_DOWN: is_down, Rule.at("provider_failures", of.provider_failures, "in 5 min"): failures}


def rules_of_the_api(of: ObservingSettings, instruments: Instruments) -> dict[Rule, Reading]:
    """What callers meet, and who speaks for others, over the last five minutes; too few requests count as none."""

    async def failed_percent() -> float:
        recent = instruments.recent.now()
        return recent.failed_percent if recent.is_telling else 0.0

    async def p95() -> float:
        recent = instruments.recent.now()
        return recent.p95 * 1000 if recent.is_telling else 0.0

    async def foreign() -> float:
        return float(instruments.webhooks.foreign(within=WINDOW_SECONDS))

    return {
        Rule.at("error_rate", of.error_percent, "%"): failed_percent,
        Rule.at("slow_answers", of.p95_ms, "ms at the 95th percentile"): p95,
        FOREIGN_WEBHOOKS: foreign,
    }


def rules_of_the_worker(of: ObservingSettings, meter: EnvelopeMeter, relaying: Database) -> dict[Rule, Reading]:
    """What waits to be handed on. The backlog is measured once a look, and shown by `meter` too."""
    seen: list[Backlog] = []

    async def age() -> float:
        seen.clear()
        seen.append(await backlog(relaying))
        meter.show(seen[0])
        return seen[0].oldest_seconds

    async def parked() -> float | None:
        return float(seen[0].parked) if seen else None

    async def doubtful() -> float:
        count = await in_doubt(relaying)
        meter.show_doubt(count)
        return float(count)

    return {
        Rule.at("outbox_age", of.outbox_age.total_seconds(), "s"): age,
        Rule(name="parked_envelopes", unit="envelopes", threshold=of.parked, quiet_below=of.parked): parked,
        CALLS_IN_DOUBT: doubtful,
    }


def rules_of_jobs(of: ObservingSettings, meter: JobMeter, relaying: Database) -> dict[Rule, Reading]:
    """Jobs that were given up. The backlog is shown by `meter` too."""

    async def parked() -> float:
        found = await job_backlog(relaying)
        meter.show(found)
        return float(found.parked)

    return {Rule(name="parked_jobs", unit="jobs", threshold=of.parked, quiet_below=of.parked): parked}

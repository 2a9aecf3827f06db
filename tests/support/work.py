"""Units of work without the rest of the house."""

from datetime import UTC, datetime
from uuid import UUID

from domains.shared.clock import Clock
from infra.clock import StoppedClock
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork

CLOCK: Clock = StoppedClock(datetime.now(UTC))


def work_over(database: Database, tenant: UUID | None) -> PostgresWork:
    return PostgresWork(database, tenant, Origin("test"), {}, CLOCK)

"""How the rules of all processes stand. A process that no longer writes is no longer shown."""

from collections.abc import Sequence
from uuid import UUID

from domains.shared.actor import Actor
from domains.shared.permissions import Permission
from infra.alerts.rules import Alert, State
from infra.postgres.database import Database
from infra.postgres.failures import passing

_FIELDS = "rule, source, state, value, threshold, unit, since"
_WRITE = f"""
    insert into work.alerts (process, {_FIELDS})
    select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::text[],
                             $8::timestamptz[])
    on conflict (process, rule) do update
    set state = excluded.state, value = excluded.value, since = excluded.since, seen_at = now()
"""  # noqa: S608 - put together from constants
_FORGET = "delete from work.alerts where seen_at < now() - interval '1 hour'"
_SHOW = f"""
    select {_FIELDS} from work.alerts where seen_at > now() - interval '1 minute'
    order by state desc, rule, source, process limit 100
"""  # noqa: S608 - as above


class PostgresAlerts:
    """The `Board` on which one process writes."""

    def __init__(self, database: Database, process: UUID) -> None:
        self._database = database
        self._process = process

    async def write(self, alerts: Sequence[Alert]) -> None:
        columns = zip(*(_row(alert) for alert in alerts), strict=True)
        async with self._database.connection() as driver:
            await driver.execute(_WRITE, self._process, *map(list, columns))
            await driver.execute(_FORGET)


class PostgresAlertQueries:
    """What an admin may see of them: all of it, it is of nobody."""

    def __init__(self, actor: Actor, database: Database) -> None:
        self._actor = actor
        self._database = database

    async def standing(self) -> list[Alert]:
        """The raised ones first."""
        self._actor.must(Permission.OPERATIONS_READ)
        try:
            async with self._database.connection() as connection:
                rows = await connection.fetch(_SHOW)
        except Exception as error:
            if meant := passing(error):
                raise meant from error
            raise
        return [Alert(**{**dict(row), "state": State(row["state"])}) for row in rows]


def _row(alert: Alert) -> tuple[object, ...]:
    return (
        alert.rule, alert.source, alert.state.value, alert.value, alert.threshold, alert.unit, alert.since,
    )  # fmt: skip

"""What was agreed with customers, in Postgres, and by which rules of time zones it was reckoned."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domains.appointments.rederiving import Agreed
from infra.postgres.database import Database
from infra.postgres.work import PostgresWork

_TO_COME = """
    select id, starts_at, starts_local, timezone from appointments
    where starts_at > $1 and status in ('scheduled', 'confirmed') order by starts_at, id
"""
_RULES = "select tzdata from work.zone_rules"
_FOLLOWED = "update work.zone_rules set tzdata = $1"
_FOLLOW = "select work.follow_zone_rules($1)"


class PostgresAgreedTimes:
    """The `AgreedTimes` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def to_come(self, now: datetime) -> Sequence[Agreed]:
        return [msgspec.convert(dict(row), Agreed) for row in await self._work.connection.fetch(_TO_COME, now)]


class PostgresZoneRules:
    """The release of `tzdata` by which all that is to come was reckoned last."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def followed(self) -> str:
        return str(await self._work.connection.fetchval(_RULES))

    async def follow(self, release: str) -> None:
        await self._work.connection.execute(_FOLLOWED, release)


class FollowedRules:
    """The `ZoneRules`, as `frontdesk_relay`: it may have them followed, and sees nothing of what that moves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, release: str) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval(_FOLLOW, release))

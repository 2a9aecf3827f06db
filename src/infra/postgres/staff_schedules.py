"""People's schedules and the policy of booking, in Postgres."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.appointments import BookingPolicy, PolicyView, StaffHoursView, StaffSchedule, StaffTimeOffView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.permissions import Permission
from infra.postgres.statements import Statements
from infra.postgres.work import PostgresWork

_OF_ALL = """
    select u.id as user_id, s.hours, coalesce(s.exceptions, '[]') as exceptions, coalesce(s.time_off, '[]') as time_off,
           coalesce(s.version, 1) as version, coalesce(s.created_at, u.created_at) as created_at,
           coalesce(s.updated_at, u.created_at) as updated_at
    from users u left join staff_schedules s on s.tenant_id = u.tenant_id and s.user_id = u.id
    where u.id = any ($1) and u.erased_at is null
"""
_BOOKABLE = f"{_OF_ALL} and u.suspended_at is null and u.role <> 'member' order by u.id"
_LOCKED = """
    select user_id, hours, exceptions, time_off, version, created_at, updated_at
    from staff_schedules where user_id = any ($1) order by user_id for no key update
"""
_BEGIN = """
    insert into staff_schedules (tenant_id, user_id, created_at, updated_at)
    select u.tenant_id, u.id, u.created_at, u.created_at from users u
    where u.id = any ($1) and u.erased_at is null order by u.id on conflict do nothing
"""
_PRESENT = (
    "select id from users where id = any ($1) and erased_at is null and suspended_at is null and role <> 'member'"
)
_SAVE = """
    update staff_schedules set hours = $2, exceptions = $3, time_off = $4, version = $5, updated_at = $6
    where user_id = $1
"""
_POLICY = """
    select notice_minutes, horizon_days, step_minutes, change_notice_minutes, reminder_minutes, hold_minutes,
           offer_minutes, version, created_at, updated_at
    from booking_policies
"""
_BEGIN_POLICY = """
    insert into booking_policies (tenant_id, notice_minutes, horizon_days, step_minutes, change_notice_minutes,
                                  reminder_minutes, hold_minutes, offer_minutes, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict do nothing
"""
_SAVE_POLICY = """
    update booking_policies
    set notice_minutes = $1, horizon_days = $2, step_minutes = $3, change_notice_minutes = $4, reminder_minutes = $5,
        hold_minutes = $6, offer_minutes = $7, version = $8, updated_at = $9
"""


class PostgresSchedules:
    """The `Schedules` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def for_change(self, user_id: UUID, *, now: datetime) -> StaffSchedule:  # noqa: ARG002 - the port's
        await self._work.connection.execute(_BEGIN, [user_id])
        row = await self._work.connection.fetchrow(_LOCKED, [user_id])
        if row is None:
            raise NotFound.one("user")
        return schedule_of(row)

    async def save(self, schedule: StaffSchedule) -> None:
        await self._work.connection.execute(
            _SAVE, schedule.user_id, _json(schedule.hours) if schedule.hours else None, _json(schedule.exceptions),
            _json(schedule.time_off), schedule.version, schedule.updated_at,
        )  # fmt: skip

    async def policy_for_change(self, *, now: datetime) -> BookingPolicy:
        usual = BookingPolicy(version=1, created_at=now, updated_at=now)
        await self._work.connection.execute(_BEGIN_POLICY, self._work.tenant, *_rules(usual), now)
        return policy_of(await self._work.connection.fetchrow(f"{_POLICY} for no key update"), now)

    async def save_policy(self, policy: BookingPolicy) -> None:
        await self._work.connection.execute(_SAVE_POLICY, *_rules(policy), policy.version, policy.updated_at)


class PostgresScheduleQueries:
    """The `ScheduleQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def hours(self, user_id: UUID) -> StaffHoursView:
        self._actor.must(Permission.SCHEDULES_READ)
        return StaffHoursView.of(await self._one(user_id))

    async def time_off(self, user_id: UUID) -> StaffTimeOffView:
        self._actor.must(Permission.SCHEDULES_READ)
        return StaffTimeOffView.of(await self._one(user_id))

    async def policy(self) -> PolicyView:
        self._actor.must(Permission.SCHEDULES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_POLICY)
            founded: datetime = await self._work.connection.fetchval("select created_at from tenants")
        return PolicyView.of(policy_of(row, founded))

    async def _one(self, user_id: UUID) -> StaffSchedule:
        async with self._work:
            row = await self._work.connection.fetchrow(_OF_ALL, [user_id])
        if row is None:
            raise NotFound.one("user")
        return schedule_of(row)


async def schedules_of(connection: Statements, user_ids: Collection[UUID], *, locked: bool) -> list[StaffSchedule]:
    """Those of users who can be booked, in order of id. To be locked, a row is made for who has none."""
    wanted = list(user_ids)
    if not locked:
        return [schedule_of(row) for row in await connection.fetch(_BOOKABLE, wanted)]
    present = {row["id"] for row in await connection.fetch(_PRESENT, wanted)}
    rows = await connection.fetch(_LOCKED, list(present))
    if len(rows) < len(present):
        await connection.execute(_BEGIN, list(present))
        rows = await connection.fetch(_LOCKED, list(present))
    return [schedule_of(row) for row in rows]


def schedule_of(row: asyncpg.Record) -> StaffSchedule:
    return msgspec.convert(dict(row), StaffSchedule)


def policy_of(row: asyncpg.Record | None, since: datetime) -> BookingPolicy:
    """The usual one, since then, where there is no row."""
    if row is None:
        return BookingPolicy(version=1, created_at=since, updated_at=since)
    return msgspec.convert(dict(row), BookingPolicy)


def _rules(policy: BookingPolicy) -> tuple[object, ...]:
    return (
        policy.notice_minutes,
        policy.horizon_days,
        policy.step_minutes,
        policy.change_notice_minutes,
        policy.reminder_minutes,
        policy.hold_minutes,
        policy.offer_minutes,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()

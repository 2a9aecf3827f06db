"""Visits in Postgres, and what they block."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from domains.appointments import (
    Appointment,
    AppointmentFilter,
    AppointmentView,
    BookableResource,
    BusinessTime,
    Commitments,
    Elsewhere,
    Reminded,
    Span,
    StaffSchedule,
    Taken,
    WaitingEntry,
)
from domains.customers import CustomerMerged
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from domains.tenants import OpeningHours
from infra.postgres.catalogue import RESOURCE, resource_of
from infra.postgres.customer_identities import of_customer
from infra.postgres.imported_calendars import LONGEST
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.own_fields import inserting, updating
from infra.postgres.slot_holds import PostgresHolds, claim, json_of
from infra.postgres.staff_schedules import policy_of, schedules_of
from infra.postgres.work import PostgresWork

_NAMES = Appointment.__struct_fields__
FIELDS = ", ".join(_NAMES)
_SAVED = tuple(name for name in _NAMES if name not in {"id", "customer_id", "series_id", "created_at"})
_ADD = inserting("appointments", _NAMES)
_SAVE = updating("appointments", _SAVED)
_ONE = f"select {FIELDS} from appointments where id = $1"  # noqa: S608 - put together from constants
_FOR_CHANGE = f"{_ONE} for no key update"
_OF_SERIES = f"""
    select {FIELDS} from appointments
    where series_id = $1 and status in ('scheduled', 'confirmed') and ($2::timestamptz is null or starts_at >= $2)
    order by starts_at, id
"""  # noqa: S608 - as above
_RELEASE = "delete from occupancies where blocker_id = $1"
_LONGEST = timedelta(hours=48)
# The overlap is written with < and >: `&&` is not leakproof, and would be asked of every row of every tenant.
_COMMITMENTS = """
    select holder_id, starts_at, ends_at, blocker_id, expires_at from occupancies
    where holder_id = any ($1) and starts_at < $3 and starts_at > $4 and ends_at > $2 and blocker_id <> all ($6)
    union all
    select user_id, starts_at, ends_at, null, null from busy_times
    where user_id = any ($1) and starts_at < $3 and starts_at > $5 and ends_at > $2
    order by starts_at, blocker_id
"""
_RESOURCES = f"select {RESOURCE} from bookable_resources where kind = any ($1) and archived_at is null order by id"  # noqa: S608 - as above
_BUSINESS = """
    select t.timezone, t.opening_hours, t.created_at as founded_at, p.notice_minutes, p.horizon_days, p.step_minutes,
           p.change_notice_minutes, p.reminder_minutes, p.hold_minutes, p.offer_minutes, p.version, p.created_at,
           p.updated_at
    from tenants t left join booking_policies p on p.tenant_id = t.tenant_id
"""
_BUSINESS_AND_CUSTOMER = f"""
    select c.merged_into, b.* from customers c cross join ({_BUSINESS}) b
    where c.id = $1 and c.erased_at is null for key share of c
"""  # noqa: S608 - as above
_REMINDED = """
    select c.emails, coalesce(c.name, c.company) as name, coalesce(c.preferred_language, t.locale) as language,
           t.name as tenant_name
    from customers c join tenants t on t.tenant_id = c.tenant_id where c.id = $1
"""
_LIST = Keyset(
    table="appointments",
    fields=FIELDS,
    sorts={"starts_at": SortKey("starts_at", datetime), "created_at": SortKey("created_at", datetime)},
)


class PostgresCalendar(PostgresHolds):
    """The `Calendar` of the tenant to which the work is bound."""

    async def business_time(self) -> BusinessTime:
        row = await self._work.connection.fetchrow(_BUSINESS)
        if row is None:
            raise NotFound.one("tenant")
        return _business(row)

    async def business_time_for(self, customer_id: UUID) -> BusinessTime:
        row = await self._work.connection.fetchrow(_BUSINESS_AND_CUSTOMER, customer_id)
        if row is None:
            raise NotFound.one("customer")
        if row["merged_into"]:
            raise CustomerMerged.into(row["merged_into"])
        return _business(row)

    async def schedules(self, user_ids: Collection[UUID], *, locked: bool) -> Sequence[StaffSchedule]:
        return await schedules_of(self._work.connection, user_ids, locked=locked) if user_ids else ()

    async def resources(self, kinds: Collection[str], *, locked: bool) -> Sequence[BookableResource]:
        if not kinds:
            return ()
        query = f"{_RESOURCES} for no key update" if locked else _RESOURCES
        return [resource_of(row) for row in await self._work.connection.fetch(query, list(kinds))]

    async def commitments(self, holders: Collection[UUID], during: Span, *, but: Collection[UUID] = ()) -> Commitments:
        if not holders:
            return Commitments([], [])
        since = (during.start - _LONGEST, during.start - LONGEST)
        rows = await self._work.connection.fetch(
            _COMMITMENTS, list(holders), during.start, during.end, *since, list(but)
        )
        found = Commitments([], [])
        for holder, starts, ends, blocker, expires in rows:
            if blocker is None:
                found.elsewhere.append(Elsewhere(holder, Span(starts, ends)))
            else:
                found.taken.append(Taken(holder, Span(starts, ends), blocker, expires))
        return found

    async def add(self, visit: Appointment) -> None:
        self._work.put(_ADD, *_values(visit, _NAMES))
        claim(self._work, visit)

    async def find(self, visit_id: UUID) -> Appointment:
        return await self._one(_ONE, visit_id)

    async def for_change(self, visit_id: UUID) -> Appointment:
        return await self._one(_FOR_CHANGE, visit_id)

    async def of_series(self, series_id: UUID, since: datetime | None) -> Sequence[Appointment]:
        return [visit_of(row) for row in await self._work.connection.fetch(_OF_SERIES, series_id, since)]

    async def save(self, visit: Appointment) -> None:
        await self._work.connection.execute(_SAVE, visit.id, *_values(visit, _SAVED))

    async def claim_anew(self, visit: Appointment) -> None:
        await self.release(visit)
        claim(self._work, visit)

    async def release(self, visit: Appointment) -> None:
        await self._work.connection.execute(_RELEASE, visit.id)

    async def _one(self, query: str, visit_id: UUID) -> Appointment:
        row = await self._work.connection.fetchrow(query, visit_id)
        if row is None:
            raise NotFound.one("appointment")
        return visit_of(row)


class PostgresReminderBook:
    """The `ReminderBook` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def of(self, about: Appointment | WaitingEntry) -> Reminded:
        row = await self._work.connection.fetchrow(_REMINDED, about.customer_id)
        if row is None:
            raise NotFound.one("customer")
        if about.contact:
            return Reminded(about.contact.email, about.contact.name, row["language"], row["tenant_name"])
        return Reminded(next(iter(row["emails"]), None), row["name"], row["language"], row["tenant_name"])


class PostgresAppointmentQueries:
    """The `AppointmentQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, visit_id: UUID) -> AppointmentView:
        self._actor.must(Permission.APPOINTMENTS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, visit_id)
        if row is None:
            raise NotFound.one("appointment")
        return AppointmentView.of(visit_of(row))

    async def page(self, wanted: AppointmentFilter, request: PageRequest) -> Page[AppointmentView]:
        self._actor.must(Permission.APPOINTMENTS_READ)
        async with self._work:
            conditions = [*_conditions(wanted), *await of_customer(self._work, wanted.customer_id)]
            return await _LIST.page(
                self._work.connection, conditions, request, lambda row: AppointmentView.of(visit_of(row))
            )


def _conditions(wanted: AppointmentFilter) -> Iterator[tuple[str, object]]:
    found = (
        ("starts_at >= {}", wanted.start),
        ("starts_at < {}", wanted.end),
        ("staff_id = {}", wanted.staff_id),
        ("status = {}", wanted.status),
    )
    return ((template, value) for template, value in found if value is not None)


def _business(row: asyncpg.Record) -> BusinessTime:
    policy = policy_of(row if row["version"] else None, row["founded_at"])
    return BusinessTime(row["timezone"], msgspec.convert(row["opening_hours"], OpeningHours), policy)


def visit_of(row: asyncpg.Record) -> Appointment:
    return msgspec.convert({name: row[name] for name in _NAMES}, Appointment)


def _values(visit: Appointment, fields: Sequence[str]) -> list[object]:
    return [json_of(visit.contact) if name == "contact" else getattr(visit, name) for name in fields]

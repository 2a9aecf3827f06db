"""Jobs in Postgres, as their tenant sees them."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.jobs import Job, JobFault, JobFile, JobFilter, JobStatus, JobUnderWay, JobView, Run, Superseded
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.statements import Statements
from infra.postgres.work import PostgresWork

_FIELDS = (
    "id, kind, subject_id, requested_by, status, done, total, position, counts, errors, given_bytes, file_name,"
    " file_bytes, file_until, started_at, finished_at, created_at"
)
_INSERT = f"""
    insert into jobs (tenant_id, {_FIELDS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
"""  # noqa: S608 - put together from constants
_UPDATE = """
    update jobs set status = $2, done = $3, total = $4, position = $5, counts = $6, errors = $7, given_bytes = $8,
        file_name = $9, file_bytes = $10, file_until = $11, started_at = $12, finished_at = $13
    where id = $1
"""
_ONE = f"select {_FIELDS} from jobs where id = $1"  # noqa: S608 - as above
_FOR_CHANGE = f"{_ONE} for no key update"
_LIST = Keyset(table="jobs", fields=_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})

_HAND_ON = "insert into work.jobs (tenant_id, id, kind) values ($1, $2, $3)"
_RETIRE = "delete from work.jobs where id = $1"
_PARK = "update work.jobs set parked_at = now(), held_until = '-infinity', fence = fence + 1 where id = $1"
_REPLAY = """
    update work.jobs set parked_at = null, attempts = 0, hand_at = '-infinity', queued_at = now()
    where id = $1 and parked_at is not null
"""
# The wall clock, not the transaction's: a run that was late to begin it may have lost its job since.
_IS_HELD = "select from work.jobs where id = $1 and fence = $2 and held_until > clock_timestamp()"
_HOLD = f"{_IS_HELD} for no key update"
_GOES_ON = "update work.jobs set attempts = 0 where id = $1 and attempts > 0"


class PostgresJobs:
    """The `Jobs` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, job: Job) -> None:
        try:
            await self._work.connection.execute(
                _INSERT, self._work.tenant, job.id, job.kind, job.subject_id, job.requested_by, *_content(job),
                job.created_at,
            )  # fmt: skip
        except asyncpg.UniqueViolationError as error:
            raise _under_way() from error
        await self._work.connection.execute(_HAND_ON, self._work.tenant, job.id, job.kind)

    async def for_change(self, job_id: UUID) -> Job:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, job_id)
        if row is None:
            raise NotFound.one("job")
        return _job(row)

    async def save(self, job: Job) -> None:
        await _save(self._work.connection, job)

    async def retire(self, job: Job) -> None:
        await self._work.connection.execute(_RETIRE, job.id)
        await self._work.connection.execute(_UPDATE, job.id, *_content(job))

    async def replay(self, job: Job) -> None:
        if await self._work.connection.execute(_REPLAY, job.id) != "UPDATE 1":
            raise NotFound.one("parked job")
        try:
            await self._work.connection.execute(_UPDATE, job.id, *_content(job))
        except asyncpg.UniqueViolationError as error:
            raise _under_way() from error


class PostgresJobRun:
    """The `JobRun` of a claim: all that it stores is fenced by that claim."""

    def __init__(self, work: PostgresWork, run: Run) -> None:
        self._work = work
        self._run = run

    async def job(self) -> Job:
        return await self._job(_IS_HELD, _ONE)

    async def held(self) -> Job:
        return await self._job(_HOLD, _FOR_CHANGE)

    async def save(self, job: Job) -> None:
        await _save(self._work.connection, job)
        await self._work.connection.execute(_GOES_ON, job.id)

    async def _job(self, claim: str, job: str) -> Job:
        if await self._work.connection.fetchrow(claim, self._run.job, self._run.fence) is None:
            raise Superseded(self._run.job)
        row = await self._work.connection.fetchrow(job, self._run.job)
        if row is None or (found := _job(row)).has_ended:
            raise Superseded(self._run.job)
        return found


class PostgresJobQueries:
    """The `JobQueries` of the actor."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, job_id: UUID) -> JobView:
        self._actor.must(Permission.JOBS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, job_id)
        if row is None or not self._sees(row["requested_by"]):
            raise NotFound.one("job")
        return JobView.of(_job(row))

    async def page(self, wanted: JobFilter, request: PageRequest) -> Page[JobView]:
        self._actor.must(Permission.JOBS_READ)
        async with self._work:
            conditions = [*self._own(), *_conditions(wanted)]
            return await _LIST.page(self._work.connection, conditions, request, lambda row: JobView.of(_job(row)))

    def _sees(self, person: UUID) -> bool:
        return person == self._actor.user or self._actor.may(Permission.JOBS_MANAGE)

    def _own(self) -> Iterator[tuple[str, object]]:
        if not self._actor.may(Permission.JOBS_MANAGE):
            yield ("requested_by = {}", self._actor.user)


async def _save(connection: Statements, job: Job) -> None:
    if job.has_ended:
        await connection.execute(_PARK if job.status is JobStatus.FAILED else _RETIRE, job.id)
    await connection.execute(_UPDATE, job.id, *_content(job))


def _conditions(wanted: JobFilter) -> Iterator[tuple[str, object]]:
    if wanted.kind is not None:
        yield ("kind = {}", wanted.kind)
    if wanted.status is not None:
        yield ("status = {}", wanted.status.value)


def _under_way() -> JobUnderWay:
    return JobUnderWay("The same job was begun before and has not ended: follow that one.")


def _content(job: Job) -> tuple[object, ...]:
    file = job.file
    return (
        job.status.value,
        job.done,
        job.total,
        msgspec.json.encode(job.position).decode(),
        msgspec.json.encode(job.counts).decode(),
        msgspec.json.encode(job.errors).decode(),
        job.given,
        file and file.name,
        file and file.size,
        file and file.until,
        job.started_at,
        job.finished_at,
    )


def _job(row: asyncpg.Record) -> Job:
    name = row["file_name"]
    return Job(
        id=row["id"],
        kind=row["kind"],
        subject_id=row["subject_id"],
        requested_by=row["requested_by"],
        created_at=row["created_at"],
        status=JobStatus(row["status"]),
        done=row["done"],
        total=row["total"],
        position=row["position"],
        counts=row["counts"],
        errors=msgspec.convert(row["errors"], tuple[JobFault, ...]),
        given=row["given_bytes"],
        file=JobFile(name, row["file_bytes"], row["file_until"]) if name else None,
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )

"""Jobs run in the test's process, or handed to a queue that a test looks into."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec

from domains.jobs import Job, JobKind, Run
from domains.shared.ids import new_id
from domains.shared.vault import Place, Vault
from frontdesk.jobs import JOBS, InScopes
from infra.files.sealed import sealed
from infra.files.store import FileStore
from infra.postgres.database import Database
from infra.postgres.job_envelopes import PostgresJobEnvelopes
from tests.support.databases import TestDatabase, rows
from tests.support.house import House
from tests.support.people import Person
from workers.jobs import Doing, JobHander, JobRunner, Seen

Json = dict[str, Any]


class MemoryQueue:
    """A `JobQueue` that keeps what it is given; it can be away, and lose things."""

    def __init__(self) -> None:
        self.put_in: list[tuple[UUID, str]] = []
        self.is_away = False

    async def put(self, envelope: UUID, kind: JobKind) -> None:
        if self.is_away:
            raise ConnectionError
        self.put_in.append((envelope, kind.name))


def unseen(kind: str, outcome: str, seconds: float) -> None:
    """Nobody counts."""


class Bench:
    """The parts of a worker that runs jobs, over one database, with a queue in memory."""

    def __init__(self, database: TestDatabase, doing: Doing, kinds: Mapping[str, JobKind], seen: Seen = unseen) -> None:
        self.database = database
        self.finding = Database(database.relay, size=3)
        self.taking = Database(database.app, size=12)
        self.envelopes = PostgresJobEnvelopes(finding=self.finding, taking=self.taking)
        self.queue = MemoryQueue()
        self.hander = JobHander(self.envelopes, self.queue, kinds)
        self.runner = JobRunner(self.envelopes, doing, kinds, seen)

    async def run_all(self) -> None:
        """Hand on and run, until nothing waits that may run now."""
        while await self.hander.once():
            handed, self.queue.put_in = self.queue.put_in, []
            for envelope, kind in handed:
                await self.runner.run(envelope, kind)

    async def wake(self) -> None:
        """Have nothing wait for its time."""
        await rows(self.database.admin, "update work.jobs set hand_at = '-infinity' returning 1")

    async def envelope(self, job: UUID) -> Json | None:
        found = await rows(self.database.admin, "select * from work.jobs where id = $1", job)
        return dict(found[0]) if found else None

    async def close(self) -> None:
        await self.finding.close()
        await self.taking.close()


@asynccontextmanager
async def bench_over(house: House) -> AsyncIterator[Bench]:
    """The house's own jobs."""
    bench = Bench(house.database, InScopes(house.work, JOBS), {name: work.kind for name, work in JOBS.items()})
    try:
        yield bench
    finally:
        await bench.close()


async def exported(house: House, person: Person, of: str) -> tuple[Json, zipfile.ZipFile]:
    """The job of an export (`tenants` or `users`) when it is done, and its file."""
    async with house.client(person.token) as client, bench_over(house) as bench:
        begun = await client.post(f"/{of}/me/export")
        assert begun.status_code == 202, begun.text
        await bench.run_all()
        where = begun.headers["location"].removeprefix("/api/v1")
        job = (await client.get(where)).json()
        file = await client.get(f"{where}/file")
    assert file.status_code == 200, file.text
    assert len(file.content) == job["result"]["file"]["size"] == int(file.headers["content-length"])
    return job, zipfile.ZipFile(io.BytesIO(file.content))


def lines_of(archive: zipfile.ZipFile, table: str) -> list[Json]:
    return [msgspec.json.decode(line) for line in archive.read(f"{table}.jsonl").splitlines()]


async def own_job(house: House, person: Person) -> str:
    """A job of `person` that has ended, and whose file is there."""
    job = new_id()
    store = await house.container.get(FileStore)
    folder = store.folder / "jobs" / str(person.tenant) / str(job)
    folder.mkdir(parents=True)
    vault = await house.container.get(Vault)
    (folder / "part").write_bytes(sealed(b"PK", vault, Place(person.tenant, "jobs.files", f"{job}/part")))
    await rows(
        house.database.admin,
        "insert into jobs (tenant_id, id, kind, subject_id, requested_by, status, position, file_name, file_bytes,"
        " file_until, created_at, finished_at) values ($1, $2, 'user.export', $3, $3, 'succeeded',"
        " '{\"parts\": [\"part\"]}', 'export.zip', 2, now() + interval '100 years', now(), now()) returning 1",
        person.tenant,
        job,
        person.user,
    )
    return str(job)


class Toy:
    """A `Doing` of a test's own."""

    def __init__(self, chunk: Callable[[Run], Any], give_up: Callable[[Run], Any]) -> None:
        self._chunk = chunk
        self._give_up = give_up

    async def chunk(self, run: Run) -> Job:
        found: Job = await self._chunk(run)
        return found

    async def give_up(self, run: Run) -> None:
        await self._give_up(run)

"""Carrying an export out: chunk by chunk, so that it goes on where a killed worker stopped."""

from datetime import datetime
from uuid import UUID

import msgspec

from domains.exports.beginning import TENANT_EXPORT
from domains.exports.ports import Archive, ArchiveState, ExportSource, Piece
from domains.jobs import FILE_KEPT, FORGET_JOB_FILE, Job, JobRun
from domains.shared.clock import Clock, timestamp
from domains.shared.work import UnitOfWork

_ROWS_A_CHUNK = 10_000
_BYTES_A_CHUNK = 8_000_000


class ExportPlace(msgspec.Struct, kw_only=True):
    """Where an export goes on. `table` is being read, after the key `after`; `rows` counts what was read of each."""

    table: str | None = None
    after: tuple[str, ...] | None = None
    rows: dict[str, int] = {}
    total: int | None = None
    archive: ArchiveState = ArchiveState()
    parts: tuple[str, ...] = ()


class Exporting:
    """Reads a tenant's rows, or those about one of its users, into an archive."""

    def __init__(self, run: JobRun, source: ExportSource, archive: Archive, clock: Clock, work: UnitOfWork) -> None:
        self.run = run
        self.source = source
        self.archive = archive
        self.clock = clock
        self.work = work

    async def go_on(self) -> Job:
        """Read some thousand rows, write them as one more part, then store how far it came: see `ExportPlace`."""
        async with self.work:
            job = await self.run.job()
            person = None if job.kind == TENANT_EXPORT else job.subject_id
            place = msgspec.convert(job.position, ExportPlace)
            if place.table is None:
                place.total = await self.source.count(person)
            pieces = await self._read(place, person)
        now = self.clock.now()
        is_end = place.table is None
        if is_end:
            pieces.append(_manifest(job, place, now))
        place.archive = await self.archive.add(job.id, place.archive, pieces, is_end=is_end)
        place.parts = place.archive.parts
        return await self._store(place, now, is_end=is_end)

    async def _read(self, place: ExportPlace, person: UUID | None) -> list[Piece]:
        """What comes next; `place` is moved on, its table None at the end of all."""
        tables = list(self.source.tables(person))
        at = tables.index(place.table) if place.table else 0
        pieces: list[Piece] = []
        rows = size = 0
        while at < len(tables) and rows < _ROWS_A_CHUNK and size < _BYTES_A_CHUNK:
            batch = await self.source.batch(tables[at], person, place.after)
            pieces.append(Piece(f"{tables[at]}.jsonl", batch.lines, is_last=batch.last is None))
            place.rows[tables[at]] = place.rows.get(tables[at], 0) + batch.rows
            place.after = batch.last
            rows, size = rows + batch.rows, size + len(batch.lines)
            at += batch.last is None
        place.table = tables[at] if at < len(tables) else None
        return pieces

    async def _store(self, place: ExportPlace, now: datetime, *, is_end: bool) -> Job:
        async with self.work:
            job = await self.run.held()
            job.advance(position=place, done=sum(place.rows.values()), total=place.total, now=now)
            if is_end:
                name = f"{job.kind.replace('.', '-')}-{now:%Y-%m-%d}.zip"
                job.succeed(counts=place.rows, file=(name, place.archive.length), now=now)
                self.work.later(FORGET_JOB_FILE, job.id, at=now + FILE_KEPT)
            await self.run.save(job)
        return job


def _manifest(job: Job, place: ExportPlace, now: datetime) -> Piece:
    about = {
        "format": 1,
        "kind": job.kind,
        "subject": job.subject_id,
        "requestedBy": job.requested_by,
        "begunAt": timestamp(job.created_at),
        "endedAt": timestamp(now),
        "rows": place.rows,
    }
    return Piece("manifest.json", msgspec.json.format(msgspec.json.encode(about)) + b"\n", is_last=True)

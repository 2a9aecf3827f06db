"""Carrying an import out: part by part, each in one transaction with how far it came."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

import msgspec

from domains.customers.events import CustomersImported
from domains.customers.importing.matching import Matching
from domains.customers.importing.model import CUSTOMER_IMPORT, ImportFault, ImportPlace, ImportTerms, Intake, Row
from domains.customers.importing.ports import Uploads
from domains.customers.importing.reading import Read, RowReader
from domains.jobs import FORGET_JOB_FILE, Job, JobFault, JobRun
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.quotas import QuotaExceeded
from domains.shared.work import UnitOfWork

_UNKNOWN = "No field has this name: the column is left out."
_SECOND = "A column before this one is the same field: this one is read where that one is empty."
_AT_ONCE_SECONDS = 3.0
"""No part is begun after so long a time: between chunks a worker looks whether it is to stop."""


class Importing:
    """Imports customers from a file that was kept."""

    def __init__(self, run: JobRun, uploads: Uploads, matching: Matching, clock: Clock, work: UnitOfWork) -> None:
        self.run = run
        self.uploads = uploads
        self.matching = matching
        self.clock = clock
        self.work = work

    async def go_on(self) -> Job:
        """Import the next parts. A part is stored whole, or, where this run has lost its job, not at all.

        One beyond what the plan gives is not stored, and ends the job: `quota_exceeded`.
        """
        async with self.work:
            job = await self.run.job()
        place = msgspec.convert(job.position, ImportPlace)
        try:
            async with aclosing(self._parts(job.id, place)) as parts:
                async for read in parts:
                    job = await self._take_in(place, read)
        except QuotaExceeded as refusal:
            return await self._stop(refusal)
        return job

    async def _parts(self, job: UUID, place: ImportPlace) -> AsyncGenerator[Read, None]:
        """What the next parts say: each is read while the one before it is stored."""
        loop = asyncio.get_running_loop()
        until, part = loop.time() + _AT_ONCE_SECONDS, place.part
        ahead: asyncio.Task[Read] | None = loop.create_task(self._read(job, place, part))
        try:
            while ahead:
                read, part = await ahead, part + 1
                goes_on = part < place.parts and loop.time() < until
                ahead = loop.create_task(self._read(job, place, part)) if goes_on else None
                yield read
        finally:
            if ahead:
                ahead.cancel()

    async def _read(self, job: UUID, place: ImportPlace, part: int) -> Read:
        rows = await self.uploads.rows(job, part)
        return await asyncio.to_thread(_read, place, rows, self.clock)

    async def _take_in(self, place: ImportPlace, read: Read) -> Job:
        async with self.work:
            job = await self.run.held()
            now = self.clock.now()
            taken = await self.matching.take_in(job.id, read, place.terms, now=now)
            await self._report(job, [*_of_the_file(place), *taken.faults])
            self._tell(job, taken, place.terms)
            _advance(job, place, taken, now)
            if job.has_ended:
                await self._end(job, now)
            await self.run.save(job)
            await self.matching.must_fit(taken, place.terms)
        return job

    async def _stop(self, refusal: QuotaExceeded) -> Job:
        async with self.work:
            job, now = await self.run.held(), self.clock.now()
            job.fail(JobFault(code=refusal.code, message=refusal.detail), now=now)
            await self._end(job, now)
            await self.run.save(job)
        return job

    async def _report(self, job: Job, faults: list[ImportFault]) -> None:
        await self.matching.report(job.id, faults)
        job.add_faults(
            [JobFault(code=each.code, message=each.message, line=each.line, field=each.field) for each in faults]
        )

    def _tell(self, job: Job, taken: Intake, terms: ImportTerms) -> None:
        """One event a part, and one entry for all it creates: one a customer would drown out all others."""
        if terms.dry_run or not (taken.created or taken.updated):
            return
        by = job.requested_by
        self.work.record(
            CustomersImported(subject=job.id, created=taken.created, updated=taken.updated, requested_by=by)
        )
        facts = {"created": str(len(taken.created)), "updated": str(len(taken.updated))}
        self.work.note(Note(action="customers.imported", subject=job.id, actor=by, facts=facts))
        for before, after in taken.changes:
            self.work.note(Note(action="customer.updated", subject=after.id, actor=by, before=before, after=after))

    async def _end(self, job: Job, now: datetime) -> None:
        await self.matching.end(job.id)
        self.work.later(FORGET_JOB_FILE, job.id, at=now)
        facts = {name: str(count) for name, count in job.counts.items()}
        action = f"{CUSTOMER_IMPORT}_ended"
        self.work.note(Note(action=action, subject=job.id, actor=job.requested_by, facts=facts))


def _advance(job: Job, place: ImportPlace, taken: Intake, now: datetime) -> None:
    place.part += 1
    place.done += taken.rows
    place.counts = {name: place.counts.get(name, 0) + count for name, count in taken.counts.items()}
    job.advance(position=place, done=place.done, total=place.rows, now=now)
    if place.part >= place.parts:
        job.succeed(counts=place.counts, file=None, now=now)


def _read(place: ImportPlace, rows: Sequence[Row], clock: Clock) -> Read:
    reader = RowReader(place.columns, region=place.terms.region, clock=clock)
    return [reader.read(row) for row in rows]


def _of_the_file(place: ImportPlace) -> list[ImportFault]:
    """Said once, with the first part."""
    if place.part > 0:
        return []
    told = [(header, "unknown_column", _UNKNOWN) for header in place.columns.unknown]
    told += [(header, "second_column", _SECOND) for header in place.columns.second]
    return [ImportFault(1, header[:200], code, message) for header, code, message in told]

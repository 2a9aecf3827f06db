"""Beginning an import: the file is read through and kept, and a job is begun that follows."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import msgspec

from domains.customers.importing.model import (
    CUSTOMER_IMPORT,
    FORGET_IMPORT,
    FORGET_UPLOAD,
    ImportPlace,
    ImportTerms,
    Upload,
)
from domains.customers.importing.ports import HomeCountry, ImportReports, Uploads
from domains.jobs import Job, Jobs, JobView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.contact import known_region
from domains.shared.errors import NotFound
from domains.shared.idempotency import idempotent
from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from domains.shared.plans import Quota
from domains.shared.quotas import QuotaExceeded, Quotas
from domains.shared.work import UnitOfWork

_COMING = timedelta(hours=1)
_REPORT_KEPT = timedelta(days=30)


class ImportJobs:
    """Begins the job of a file that was kept."""

    def __init__(self, jobs: Jobs, quotas: Quotas, clock: Clock, work: UnitOfWork) -> None:
        self.jobs = jobs
        self.quotas = quotas
        self.clock = clock
        self.work = work

    async def begin(self, upload: UUID, terms: ImportTerms, found: Upload, *, by: UUID) -> JobView:
        """Raise `QuotaExceeded` where the file is more than may be stored."""
        job = _job(upload, by, terms, found, self.clock)
        async with self.work:
            await self.jobs.add(job)
            self.work.later(FORGET_IMPORT, job.id, at=job.created_at + _REPORT_KEPT)
            facts = {"rows": str(found.rows), "duplicates": terms.duplicates.value}
            self.work.note(
                Note(action=f"{CUSTOMER_IMPORT}_begun", subject=job.id, facts=facts | {"dry_run": str(terms.dry_run)})
            )
            await self.quotas.must_hold(Quota.STORAGE_BYTES, added=found.size)
            return self.work.result(JobView.of(job))


class Imports:
    """Begins imports of customers."""

    def __init__(
        self, actor: Actor, uploads: Uploads, home: HomeCountry, jobs: ImportJobs, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.uploads = uploads
        self.home = home
        self.jobs = jobs
        self.clock = clock
        self.work = work

    @idempotent
    async def begin(self, terms: ImportTerms, content: AsyncIterator[bytes]) -> JobView:
        """Import customers from a CSV file.

        - The file is the multipart field `file`, or the body itself: at most 50 MB, 100,000 rows and 200 columns. Its
          first row names the columns; `docs/import.md` lists the names. It may be separated by commas, semicolons or
          tabs, and written in UTF-8, UTF-16 or Windows-1252.
        - A file that cannot be read is refused at once, with the line. Otherwise the answer is a job; its `counts` say
          how many customers were `created`, `updated`, `unchanged`, how many rows were `skipped` and `failed`.
        - `GET /customers/imports/{id}/faults` says what was wrong with which row. The other rows are imported.
        - `duplicates`: what becomes of a row with an e-mail address or phone number that a customer, or a row before
          it, has: `skip` it, `update` that customer with what the row has, or `create` another one.
        - `dryRun` stores no customer, and reports the same.
        - The file counts as storage until it was imported. Beyond what the plan gives it is `quota_exceeded`.
        - `phoneRegion` is the country of phone numbers that are written without one; else the business's own is.
        """
        self.actor.must(Permission.CUSTOMERS_IMPORT)
        if terms.region is not None:
            known_region(terms.region, "phoneRegion")
        upload = new_id()
        async with self.uploads.receive(content) as file:
            async with self.work:
                self.work.later(FORGET_UPLOAD, upload, at=self.clock.now() + _COMING)
                region = terms.region or await self.home.country()
            found = await file.keep(upload)
            terms = msgspec.structs.replace(terms, region=region)
            try:
                return await self.jobs.begin(upload, terms, found, by=self.actor.user)
            except QuotaExceeded:
                await self.uploads.delete(upload)
                raise


class ForgettingImports:
    """Deletes what imports leave behind."""

    def __init__(self, uploads: Uploads, reports: ImportReports, jobs: Jobs, work: UnitOfWork) -> None:
        self.uploads = uploads
        self.reports = reports
        self.jobs = jobs
        self.work = work

    async def forget_upload(self, upload: UUID) -> None:
        """Delete a file whose import was never begun. That of a job goes with the job."""
        async with self.work:
            try:
                await self.jobs.for_change(upload)
            except NotFound:
                pass
            else:
                return
        await self.uploads.delete(upload)

    async def forget_report(self, job: UUID) -> None:
        """Delete the report of an import."""
        async with self.work:
            await self.reports.forget(job)


def _job(upload: UUID, by: UUID, terms: ImportTerms, found: Upload, clock: Clock) -> Job:
    """Its subject is itself, so that several can be begun; one of a tenant runs at a time."""
    place = ImportPlace(terms=terms, columns=found.columns, rows=found.rows, parts=found.parts)
    return Job(
        id=upload,
        kind=CUSTOMER_IMPORT,
        subject_id=upload,
        requested_by=by,
        created_at=clock.now(),
        total=found.rows,
        given=found.size,
        position=msgspec.to_builtins(place),
    )

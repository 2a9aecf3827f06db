"""What those who began a job can do about it: cancel it, fetch what it made."""

from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import msgspec

from domains.jobs.kinds import FORGET_JOB_FILE, LEFTOVERS_KEPT
from domains.jobs.model import Job
from domains.jobs.ports import Files, Jobs
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import NotFound
from domains.shared.permissions import Permission
from domains.shared.vault import Unreadable
from domains.shared.work import UnitOfWork


class FileParts(msgspec.Struct, frozen=True):
    """Where a job that makes a file says which parts it consists of, in its position."""

    parts: tuple[str, ...] = ()


class OpenFile(msgspec.Struct, frozen=True):
    """A file that is on its way to its reader."""

    name: str
    size: int
    content: AsyncIterator[bytes]


FilePermissions = Mapping[str, Permission]
"""What fetching the file of each kind of job needs: as much as beginning the job."""


class Following:
    """Follows jobs to their end."""

    def __init__(
        self, actor: Actor, jobs: Jobs, files: Files, permissions: FilePermissions, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.jobs = jobs
        self.files = files
        self.permissions = permissions
        self.clock = clock
        self.work = work

    async def cancel(self, job_id: UUID) -> Job:
        """Cancel a job.

        - What it has done stays done; the chunk under way is not stored.
        - One's own jobs; with `jobs:manage`, everybody's.
        - Cancelling one that has ended changes nothing.
        """
        self.actor.must(Permission.JOBS_WRITE)
        async with self.work:
            job = await self.jobs.for_change(job_id)
            if job.requested_by != self.actor.user and not self.actor.may(Permission.JOBS_MANAGE):
                raise NotFound.one("job")
            if job.is_unfinished:
                now = self.clock.now()
                job.cancel(now=now)
                await self.jobs.retire(job)
                self.work.later(FORGET_JOB_FILE, job.id, at=now + LEFTOVERS_KEPT)
                self.work.note(Note(action="job.cancelled", subject=job.id, facts={"kind": job.kind}))
        return job

    async def open_file(self, job_id: UUID) -> OpenFile:
        """Fetch the file that a job has made.

        - Only who began the job gets it, and only who may still begin such a job.
        - After seven days there is none any more; nor where it is lost, or the key that it was locked with.
        """
        self.actor.must(Permission.JOBS_READ)
        async with self.work:
            job = await self.jobs.for_change(job_id)
            if job.requested_by != self.actor.user or job.file is None or self.clock.now() >= job.file.until:
                raise NotFound.one("file")
            self.actor.must(self.permissions[job.kind])
            self.work.note(Note(action="job.file_fetched", subject=job.id, facts={"kind": job.kind}))
        parts = msgspec.convert(job.position, FileParts).parts
        try:
            content = await _begun(self.files.read(job.id, parts))
        except (FileNotFoundError, Unreadable) as error:
            raise NotFound.one("file") from error
        return OpenFile(job.file.name, job.file.size, content)


async def _begun(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same, its first bytes read: what cannot be read is told before the answer has begun."""
    first = await anext(content, b"")

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for block in content:
            yield block

    return whole()

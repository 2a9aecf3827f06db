"""What jobs need from the world."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from domains.jobs.model import Job, JobStatus
from domains.jobs.views import JobView
from domains.shared.paging import Page, PageRequest


class Superseded(Exception):
    """The run that says this has lost its job: to another, by its time, or because somebody cancelled it."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One claim on a job. `fence` grows with each: whoever comes with an older one may not write."""

    tenant: UUID
    job: UUID
    kind: str
    fence: int
    attempts: int


class JobEnvelope(msgspec.Struct, frozen=True):
    """A job that waits to be handed on. Its id is the job's, and is all that a queue is told."""

    tenant: UUID
    id: UUID
    kind: str


class JobEnvelopes(Protocol):
    """The unfinished jobs of all tenants: ids and times, nothing of what they are about."""

    async def waiting(self) -> list[JobEnvelope]:
        """Those that may be run now: at most two of a tenant run at once, and one of a kind."""
        ...

    async def hand(self, envelope: JobEnvelope) -> bool:
        """Note that it is handed on now. False when another worker did so, or has it already."""
        ...

    async def claim(self, job: UUID, kind: str) -> Run | None:
        """Take the job, under the tenant that its envelope names. None where it has ended, is held, or must wait."""
        ...

    async def keep(self, run: Run) -> bool:
        """Hold it for a few seconds more. False when it is lost."""
        ...

    async def release(self, run: Run, *, seconds: float, failed: bool) -> None:
        """Give it up, to be handed on again after `seconds`. Nothing that this run still does will be stored."""
        ...

    async def parked(self) -> list[JobEnvelope]:
        """Those that were given up, for an operator."""
        ...


class JobFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs are wanted."""

    kind: str | None = None
    status: JobStatus | None = None


class Jobs(Protocol):
    """The tenant's jobs."""

    async def add(self, job: Job) -> None:
        """Store it, and have it run after the commit.

        Raises `JobUnderWay` where one of its kind for the same subject has not ended.
        """
        ...

    async def for_change(self, job_id: UUID) -> Job:
        """The job, locked until the work ends. Raises `NotFound`."""
        ...

    async def save(self, job: Job) -> None:
        """Store it. One that has ended runs no more, except that a failed one waits for an operator."""
        ...

    async def retire(self, job: Job) -> None:
        """Store it, and have it never run again."""
        ...

    async def replay(self, job: Job) -> None:
        """Store it, and have it run again. Raises `NotFound` where it does not wait for an operator."""
        ...


class JobRun(Protocol):
    """The job that is being run."""

    async def job(self) -> Job:
        """The job as it is now. Raises `Superseded`."""
        ...

    async def held(self) -> Job:
        """The same, its claim locked until the work ends: no other run begins meanwhile. Raises `Superseded`."""
        ...

    async def save(self, job: Job) -> None:
        """Store it after a chunk; its failures are forgotten. Inside the work in which it was `held`."""
        ...


class JobQueries(Protocol):
    """The tenant's jobs, to be read: everybody's own ones, and all of them with `jobs:manage`."""

    async def one(self, job_id: UUID) -> JobView:
        """Raises `NotFound`."""
        ...

    async def page(self, wanted: JobFilter, request: PageRequest) -> Page[JobView]:
        """A page by `created_at`, ties broken by id."""
        ...


class Files(Protocol):
    """What the tenant's jobs make, kept outside the database. The file of a job consists of parts, in order."""

    async def put(self, job: UUID, part: str, content: bytes) -> None:
        """Keep a part, whole or not at all; the same name again replaces it."""
        ...

    def read(self, job: UUID, parts: Sequence[str]) -> AsyncIterator[bytes]:
        """The parts one after the other. Raises `FileNotFoundError`, and `Unreadable` where their key is not known."""
        ...

    async def delete(self, job: UUID) -> None:
        """Delete all parts of the job, also those that it never told of."""
        ...

    async def delete_all(self) -> None:
        """Delete the parts of all the tenant's jobs."""
        ...

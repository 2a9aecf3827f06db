"""A job: long work, done in chunks, followed by whom it was begun for."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

import msgspec

from domains.jobs.kinds import FILE_KEPT
from domains.shared.errors import Conflict
from domains.shared.ids import new_id

MOST_FAULTS = 100


class JobStatus(StrEnum):
    CANCELLED = "cancelled"
    FAILED = "failed"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"


class JobUnderWay(Conflict):
    """The same job was begun before, and has not ended."""

    code = "job_under_way"
    title = "The same job is still under way"


class JobFault(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong: of the whole, or of one line of what was given. `code` is stable, `message` is for people."""

    code: str
    message: str
    line: int | None = None
    field: str | None = None


class JobFile(msgspec.Struct, frozen=True):
    """What a job has made, to be fetched until `until`."""

    name: str
    size: int
    until: datetime


class Job(msgspec.Struct, kw_only=True):
    """`position` says where to go on: only the job's own kind reads it. `counts` is what came of it, by name.

    `given` is the size in bytes of what it was given to work on, as long as that is kept.
    """

    id: UUID
    kind: str
    subject_id: UUID
    requested_by: UUID
    created_at: datetime
    status: JobStatus = JobStatus.QUEUED
    done: int = 0
    total: int | None = None
    position: dict[str, Any] = {}
    counts: dict[str, int] = {}
    errors: tuple[JobFault, ...] = ()
    given: int | None = None
    file: JobFile | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @classmethod
    def begin(cls, kind: str, *, subject: UUID, by: UUID, now: datetime) -> Self:
        return cls(id=new_id(), kind=kind, subject_id=subject, requested_by=by, created_at=now)

    @property
    def has_ended(self) -> bool:
        return self.finished_at is not None

    @property
    def is_unfinished(self) -> bool:
        return not self.has_ended

    def advance(self, *, position: msgspec.Struct, done: int, total: int | None, now: datetime) -> None:
        """A chunk was done."""
        self.status = JobStatus.RUNNING
        self.started_at = self.started_at or now
        self.position = msgspec.to_builtins(position)
        self.done = done
        self.total = total

    def add_faults(self, faults: list[JobFault]) -> None:
        """The first hundred are kept."""
        self.errors = (*self.errors, *faults)[:MOST_FAULTS]

    def succeed(self, *, counts: dict[str, int], file: tuple[str, int] | None, now: datetime) -> None:
        """`file`: its name, and its size in bytes. It is kept for seven days."""
        self.counts = counts
        self.file = JobFile(*file, until=now + FILE_KEPT) if file else None
        self.total = self.done
        self._end(JobStatus.SUCCEEDED, now)

    def fail(self, fault: JobFault, *, now: datetime) -> None:
        """It was given up. What was done stays done, and an operator may have it go on from there."""
        self.errors = (fault, *self.errors)[:MOST_FAULTS]
        self._end(JobStatus.FAILED, now)

    def cancel(self, *, now: datetime) -> None:
        self._end(JobStatus.CANCELLED, now)

    def replay(self) -> None:
        """Have a failed job go on."""
        self.status = JobStatus.QUEUED
        self.errors = ()
        self.finished_at = None

    def forget_files(self) -> None:
        """What it has made, and what it was given."""
        self.file = None
        self.given = None

    def _end(self, status: JobStatus, now: datetime) -> None:
        self.status = status
        self.finished_at = now

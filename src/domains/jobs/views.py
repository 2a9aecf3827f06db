"""How a job is shown."""

from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.jobs.model import Job, JobFault, JobStatus
from domains.shared.clock import Timestamp, timestamp
from domains.shared.wire import View

Kind = Annotated[str, Meta(max_length=64, examples=["tenant.export"])]
Word = Annotated[str, Meta(max_length=64, examples=["customers"])]
Number = Annotated[int, Meta(ge=0, examples=[120])]


class ProgressView(View, frozen=True):
    """How much is done; `total` is null while it is not known."""

    done: Number
    total: Number | None


class JobFileView(View, frozen=True):
    """What the job has made: `GET /jobs/{id}/file`, until `expiresAt`."""

    name: Annotated[str, Meta(max_length=200, examples=["export.zip"])]
    size: Number
    expires_at: Timestamp


class JobResultView(View, frozen=True):
    """What came of it: numbers by name, and a file where there is one."""

    counts: dict[Word, Number]
    file: JobFileView | None


class JobErrorView(View, frozen=True):
    """What went wrong: with the whole job, or with one line of what was given."""

    code: Annotated[str, Meta(max_length=64, examples=["internal_error"])]
    message: Annotated[str, Meta(max_length=500, examples=["It could not be finished."])]
    line: Number | None
    field: Annotated[str, Meta(max_length=200, examples=["email"])] | None

    @classmethod
    def of(cls, fault: JobFault) -> Self:
        return cls(code=fault.code, message=fault.message, line=fault.line, field=fault.field)


class JobView(View, frozen=True):
    """A job. `result` is null until it has succeeded, `finishedAt` until it has ended."""

    id: UUID
    kind: Kind
    status: JobStatus
    progress: ProgressView
    result: JobResultView | None
    errors: Annotated[tuple[JobErrorView, ...], Meta(max_length=100)]
    created_at: Timestamp
    finished_at: Timestamp | None

    @classmethod
    def of(cls, job: Job) -> Self:
        return cls(
            id=job.id,
            kind=job.kind,
            status=job.status,
            progress=ProgressView(done=job.done, total=job.total),
            result=_result(job) if job.status is JobStatus.SUCCEEDED else None,
            errors=tuple(JobErrorView.of(fault) for fault in job.errors),
            created_at=timestamp(job.created_at),
            finished_at=timestamp(job.finished_at) if job.finished_at else None,
        )


def _result(job: Job) -> JobResultView:
    found = job.file
    file = JobFileView(name=found.name, size=found.size, expires_at=timestamp(found.until)) if found else None
    return JobResultView(counts=job.counts, file=file)

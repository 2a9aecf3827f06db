"""What becomes of jobs that were given up, and of what they leave behind."""

from uuid import UUID

from domains.jobs.kinds import FILE_KEPT, FORGET_JOB_FILE
from domains.jobs.model import Job, JobFault
from domains.jobs.ports import Files, JobRun, Jobs
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork

GIVEN_UP = JobFault(code="internal_error", message="It could not be finished. The operator has been told.")


class Outcomes:
    """Ends jobs that cannot be finished, begins them anew for an operator, and clears up after them."""

    def __init__(self, jobs: Jobs, files: Files, clock: Clock, work: UnitOfWork) -> None:
        self.jobs = jobs
        self.files = files
        self.clock = clock
        self.work = work

    async def give_up(self, run: JobRun) -> None:
        """Fail the job that is being run: it waits for an operator, and is shown as failed."""
        async with self.work:
            job = await run.held()
            now = self.clock.now()
            job.fail(GIVEN_UP, now=now)
            await self.jobs.save(job)
            self.work.later(FORGET_JOB_FILE, job.id, at=now + FILE_KEPT)

    async def replay(self, job_id: UUID) -> Job:
        """Have a failed job go on where it stopped."""
        async with self.work:
            job = await self.jobs.for_change(job_id)
            job.replay()
            await self.jobs.replay(job)
            self.work.note(Note(action="job.replayed", subject=job.id, facts={"kind": job.kind, "by": "operator"}))
        return job

    async def forget_file(self, job_id: UUID) -> None:
        """Delete what the job has made, unless it goes on, or has made it anew and keeps it for longer.

        One that failed can go on no more after that.
        """
        async with self.work:
            job = await self.jobs.for_change(job_id)
        if job.is_unfinished or (job.file and job.file.until > self.clock.now()):
            return
        await self.files.delete(job.id)
        async with self.work:
            job = await self.jobs.for_change(job_id)
            job.forget_files()
            await self.jobs.retire(job)

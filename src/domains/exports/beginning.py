"""Beginning an export: it is a job, followed at `GET /jobs/{id}`."""

from uuid import UUID

from domains.jobs import Job, Jobs, JobView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

OWN_EXPORT = "user.export"
TENANT_EXPORT = "tenant.export"


class Exports:
    """Begins exports."""

    def __init__(self, actor: Actor, jobs: Jobs, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.jobs = jobs
        self.clock = clock
        self.work = work

    @idempotent
    async def of_the_tenant(self) -> JobView:
        """Export all of the business's data.

        - The answer is a job. Once it has succeeded, `GET /jobs/{id}/file` gives a ZIP with a file of JSON lines for
          each table, and `manifest.json` with the numbers of rows. Secrets are left out.
        - Each table is as it was when it was read, not all of them as of one moment.
        - Who asked for it fetches it, within seven days. One export at a time: a second one is `job_under_way`.
        """
        self.actor.must(Permission.TENANT_EXPORT)
        return await self._begin(TENANT_EXPORT, self.actor.tenant)

    @idempotent
    async def of_oneself(self) -> JobView:
        """Export one's own data.

        - The answer is a job. Once it has succeeded, `GET /jobs/{id}/file` gives a ZIP with one's own record, and what
          one did: a file of JSON lines for each table. What belongs to others is left out.
        - It can be fetched for seven days. One export at a time: a second one is `job_under_way`.
        """
        self.actor.must(Permission.PROFILE_EXPORT)
        return await self._begin(OWN_EXPORT, self.actor.user)

    async def _begin(self, kind: str, subject: UUID) -> JobView:
        job = Job.begin(kind, subject=subject, by=self.actor.user, now=self.clock.now())
        async with self.work:
            await self.jobs.add(job)
            self.work.note(Note(action=f"{kind}_begun", subject=job.id))
            return self.work.result(JobView.of(job))

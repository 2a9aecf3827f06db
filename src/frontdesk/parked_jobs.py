"""Jobs that were given up, for the operator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec

from domains.jobs import Job, JobEnvelope, JobUnderWay, Outcomes
from domains.shared.errors import NotFound
from frontdesk.databases import app_url, relay_url
from frontdesk.ingredients import data_keys_of
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from frontdesk.subscriptions import SUBSCRIPTIONS
from infra.files.store import FileStore, StoredFiles
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.job_envelopes import PostgresJobEnvelopes
from infra.postgres.jobs import PostgresJobs
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from infra.vault import AesVault

_CONNECTIONS = 3


class _Databases(msgspec.Struct, frozen=True):
    finding: Database
    taking: Database


async def parked_jobs(settings: Settings) -> list[JobEnvelope]:
    """All of them, the oldest first."""
    async with _connected(settings) as databases:
        return await _parked(databases)


async def replay(settings: Settings, job_id: UUID) -> Job:
    """Have it go on. Raise `Refusal` where it was not given up, or the same was begun anew."""
    async with _connected(settings) as databases:
        tenants = [each.tenant for each in await _parked(databases) if each.id == job_id]
        if not tenants:
            raise Refusal(f"No job {job_id} was given up: see `frontdesk jobs list`.")
        clock = BusinessClock(databases.taking)
        await clock.read()
        work = PostgresWork(databases.taking, tenants[0], Origin("operator"), SUBSCRIPTIONS, clock)
        files = StoredFiles(FileStore(settings.files_dir), AesVault(data_keys_of(settings)), work)
        try:
            return await Outcomes(PostgresJobs(work), files, clock, work).replay(job_id)
        except (JobUnderWay, NotFound) as error:
            raise Refusal(error.detail) from None


async def _parked(databases: _Databases) -> list[JobEnvelope]:
    return await PostgresJobEnvelopes(finding=databases.finding, taking=databases.taking).parked()


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[_Databases]:
    found = _Databases(Database(relay_url(settings), size=_CONNECTIONS), Database(app_url(settings), size=_CONNECTIONS))
    try:
        yield found
    finally:
        await found.finding.close()
        await found.taking.close()

"""Jobs: what takes longer than an answer may."""

from domains.jobs.following import FilePermissions, Following, OpenFile
from domains.jobs.kinds import FILE_KEPT, FORGET_JOB_FILE, JobKind
from domains.jobs.model import Job, JobFault, JobFile, JobStatus, JobUnderWay
from domains.jobs.outcomes import Outcomes
from domains.jobs.ports import (
    Files,
    JobEnvelope,
    JobEnvelopes,
    JobFilter,
    JobQueries,
    JobRun,
    Jobs,
    Run,
    Superseded,
)
from domains.jobs.views import JobView

__all__ = [
    "FILE_KEPT",
    "FORGET_JOB_FILE",
    "FilePermissions",
    "Files",
    "Following",
    "Job",
    "JobEnvelope",
    "JobEnvelopes",
    "JobFault",
    "JobFile",
    "JobFilter",
    "JobKind",
    "JobQueries",
    "JobRun",
    "JobStatus",
    "JobUnderWay",
    "JobView",
    "Jobs",
    "OpenFile",
    "Outcomes",
    "Run",
    "Superseded",
]

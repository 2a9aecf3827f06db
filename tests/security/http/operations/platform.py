"""Jobs, the audit log, what is live, and what tells how the house does."""

from domains.shared.permissions import Permission
from tests.security.http.operations.known import Known
from tests.support.jobs import own_job

PLATFORM = Known(
    permission_of={
        "cancelJob": Permission.JOBS_WRITE,
        "getHealth": None,
        "getJob": Permission.JOBS_READ,
        "getJobFile": Permission.JOBS_READ,
        "getLiveness": None,
        "getReadiness": None,
        "issueSocketTicket": Permission.PROFILE_READ,
        "listAlerts": Permission.OPERATIONS_READ,
        "listAuditLog": Permission.AUDIT_READ,
        "listJobs": Permission.JOBS_READ,
        "showMetrics": Permission.OPERATIONS_READ,
        "streamEvents": Permission.PROFILE_READ,
        "verifyAuditLog": Permission.AUDIT_READ,
    },
    personal_makers={"jobId": own_job},
    shown_in={"jobId": {"listJobs"}},
)

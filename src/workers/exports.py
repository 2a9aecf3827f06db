"""The jobs of exports."""

from types import MappingProxyType

from domains.exports import OWN_EXPORT, TENANT_EXPORT, Exporting
from domains.jobs import JobKind
from workers.jobs import JobWorks, in_chunks

EXPORT_JOBS: JobWorks = MappingProxyType(
    dict(in_chunks(JobKind(name=name), Exporting, Exporting.go_on) for name in (OWN_EXPORT, TENANT_EXPORT))
)

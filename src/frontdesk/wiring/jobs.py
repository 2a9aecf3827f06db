"""Parts of jobs, and of exports, of a request, an envelope or a chunk."""

from types import MappingProxyType

from dishka import Provider, Scope, from_context, provide

from domains.exports import OWN_EXPORT, TENANT_EXPORT, Archive, Exporting, Exports, ExportSource
from domains.jobs import FilePermissions, Files, Following, JobQueries, JobRun, Jobs, Outcomes, Run
from domains.shared.permissions import Permission
from frontdesk.ingredients import Ingredients
from infra.files.store import FileStore, StoredFiles
from infra.files.zip_parts import ZipParts
from infra.postgres.exports import PostgresExportSource
from infra.postgres.jobs import PostgresJobQueries, PostgresJobRun, PostgresJobs

FILE_PERMISSIONS: FilePermissions = MappingProxyType(
    {OWN_EXPORT: Permission.PROFILE_EXPORT, TENANT_EXPORT: Permission.TENANT_EXPORT}
)


class JobsParts(Provider):
    """Jobs and their files. A `Run` is there only while a job's chunk is done."""

    scope = Scope.REQUEST
    run_claimed = from_context(Run, scope=Scope.REQUEST)

    jobs = provide(PostgresJobs, provides=Jobs)
    queries = provide(PostgresJobQueries, provides=JobQueries)
    run = provide(PostgresJobRun, provides=JobRun)
    files = provide(StoredFiles, provides=Files)
    source = provide(PostgresExportSource, provides=ExportSource)
    archive = provide(ZipParts, provides=Archive)

    following = provide(Following)
    outcomes = provide(Outcomes)
    exports = provide(Exports)
    exporting = provide(Exporting)

    @provide(scope=Scope.APP)
    def store(self, of: Ingredients) -> FileStore:
        return FileStore(of.files)

    @provide(scope=Scope.APP)
    def permissions(self) -> FilePermissions:
        return FILE_PERMISSIONS

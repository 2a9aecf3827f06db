"""Jobs over HTTP: long work is begun with a 202, and followed here."""

from collections.abc import Sequence
from typing import Annotated, Any

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit
from api.problems import problems
from domains.exports import Exports
from domains.jobs import Following, JobFilter, JobQueries, JobStatus, JobView
from domains.shared.actor import Actor

KindFilter = Annotated[Annotated[str, Meta(min_length=1, max_length=64)] | None, QueryParameter(name="kind")]
StatusFilter = Annotated[JobStatus | None, QueryParameter(name="status")]
_ZIP = "application/zip"


def accepted(job: JobView) -> Response[JobView]:
    """An answer to the beginning of a job: 202, and where to follow it."""
    return Response(job, status_code=HTTP_202_ACCEPTED, headers={"Location": f"/api/v1/jobs/{job.id}"})


@post("/tenants/me/export", tags=["Jobs"], status_code=HTTP_202_ACCEPTED, responses=problems("job_under_way"),
      description=Exports.of_the_tenant.__doc__)  # fmt: skip
async def export_tenant(exports: FromDishka[Exports]) -> Response[JobView]:
    return accepted(await exports.of_the_tenant())


@post("/users/me/export", tags=["Jobs"], status_code=HTTP_202_ACCEPTED, responses=problems("job_under_way"),
      description=Exports.of_oneself.__doc__)  # fmt: skip
async def export_own_data(exports: FromDishka[Exports]) -> Response[JobView]:
    return accepted(await exports.of_oneself())


@get("/jobs", tags=["Jobs"])
async def list_jobs(
    asker: FromDishka[Actor],
    query: FromDishka[JobQueries],
    cursors: FromDishka[Cursors],
    kind: KindFilter = None,
    status: StatusFilter = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[JobView]:
    """List one's own jobs, the newest first; with `jobs:manage`, everybody's."""
    wanted = JobFilter(kind=kind, status=status)
    listing = Listing.of("listJobs", asker, sort="-createdAt", kind=kind, status=status)
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@get("/jobs/{job_id:str}", tags=["Jobs"])
async def get_job(job_id: Id, query: FromDishka[JobQueries]) -> JobView:
    """Show a job: how far it is, and what came of it. One's own; with `jobs:manage`, everybody's."""
    return await query.one(job_id)


@post("/jobs/{job_id:str}/cancel", tags=["Jobs"], status_code=HTTP_200_OK, opt={"repeatable": False},
      description=Following.cancel.__doc__)  # fmt: skip
async def cancel_job(job_id: Id, following: FromDishka[Following]) -> JobView:
    return JobView.of(await following.cancel(job_id))


@get("/jobs/{job_id:str}/file", tags=["Jobs"], media_type=_ZIP, opt={"file": _ZIP},
     description=Following.open_file.__doc__)  # fmt: skip
async def get_job_file(job_id: Id, following: FromDishka[Following]) -> Response[Any]:
    file = await following.open_file(job_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(file.size),
        "Cache-Control": "private, no-store",
    }
    return Stream(file.content, media_type=_ZIP, headers=headers)


JOB_ROUTES: Sequence[ControllerRouterHandler] = (
    export_tenant,
    export_own_data,
    list_jobs,
    get_job,
    cancel_job,
    get_job_file,
)

"""Services and resources over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit
from api.problems import problems
from domains.appointments import (
    CatalogueQueries,
    ChangeResource,
    ChangeService,
    CreateResource,
    CreateService,
    ResourceKeeping,
    ResourceView,
    ServiceKeeping,
    ServiceView,
)
from domains.shared.actor import Actor

Sort = Annotated[Literal["name", "-name"], QueryParameter()]
Archived = Annotated[bool, QueryParameter()]


@post("/services", tags=["Services"], responses=problems("not_found"), description=ServiceKeeping.create.__doc__)
async def create_service(data: JSONBody[CreateService], keeping: FromDishka[ServiceKeeping]) -> Response[ServiceView]:
    service = await keeping.create(data)
    return created(ServiceView.of(service), location=f"/api/v1/services/{service.id}")


@get("/services", tags=["Services"])
async def list_services(
    asker: FromDishka[Actor],
    query: FromDishka[CatalogueQueries],
    cursors: FromDishka[Cursors],
    sort: Sort = "name",
    archived: Archived = False,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[ServiceView]:
    """List what the business offers, by name. Archived services are in a list of their own."""
    listing = Listing.of("listServices", asker, sort=sort, archived=archived)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.services(wanted, archived=archived))


@get("/services/{service_id:str}", tags=["Services"])
async def get_service(service_id: Id, query: FromDishka[CatalogueQueries]) -> Response[ServiceView]:
    """Show one service, archived or not."""
    return tagged(await query.service(service_id))


@patch("/services/{service_id:str}", tags=["Services"], description=ServiceKeeping.change.__doc__)
async def change_service(
    service_id: Id, data: JSONBody[ChangeService], keeping: FromDishka[ServiceKeeping], if_match: IfMatch = None
) -> Response[ServiceView]:
    service = await keeping.change(service_id, data, expected=expected_versions(if_match))
    return tagged(ServiceView.of(service))


@delete("/services/{service_id:str}", tags=["Services"], description=ServiceKeeping.archive.__doc__)
async def archive_service(service_id: Id, keeping: FromDishka[ServiceKeeping], if_match: IfMatch = None) -> None:
    await keeping.archive(service_id, expected=expected_versions(if_match))


@post("/resources", tags=["Services"], description=ResourceKeeping.create.__doc__)
async def create_resource(
    data: JSONBody[CreateResource], keeping: FromDishka[ResourceKeeping]
) -> Response[ResourceView]:
    resource = await keeping.create(data)
    return created(ResourceView.of(resource), location=f"/api/v1/resources/{resource.id}")


@get("/resources", tags=["Services"])
async def list_resources(
    asker: FromDishka[Actor],
    query: FromDishka[CatalogueQueries],
    cursors: FromDishka[Cursors],
    sort: Sort = "name",
    archived: Archived = False,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[ResourceView]:
    """List rooms, vehicles and the like, by name. Archived ones are in a list of their own."""
    listing = Listing.of("listResources", asker, sort=sort, archived=archived)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.resources(wanted, archived=archived))


@get("/resources/{resource_id:str}", tags=["Services"])
async def get_resource(resource_id: Id, query: FromDishka[CatalogueQueries]) -> Response[ResourceView]:
    """Show one resource, archived or not."""
    return tagged(await query.resource(resource_id))


@patch("/resources/{resource_id:str}", tags=["Services"], description=ResourceKeeping.change.__doc__)
async def change_resource(
    resource_id: Id, data: JSONBody[ChangeResource], keeping: FromDishka[ResourceKeeping], if_match: IfMatch = None
) -> Response[ResourceView]:
    resource = await keeping.change(resource_id, data, expected=expected_versions(if_match))
    return tagged(ResourceView.of(resource))


@delete("/resources/{resource_id:str}", tags=["Services"], description=ResourceKeeping.archive.__doc__)
async def archive_resource(resource_id: Id, keeping: FromDishka[ResourceKeeping], if_match: IfMatch = None) -> None:
    await keeping.archive(resource_id, expected=expected_versions(if_match))


SERVICE_ROUTES: Sequence[ControllerRouterHandler] = (
    create_service,
    list_services,
    get_service,
    change_service,
    archive_service,
    create_resource,
    list_resources,
    get_resource,
    change_resource,
    archive_resource,
)

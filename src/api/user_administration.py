"""What admins do with users, over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, SearchText
from api.periods import Moment, Period, period
from api.problems import problems
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone
from domains.shared.permissions import Role
from domains.users import (
    Administration,
    ChangeUser,
    ListedUserView,
    ManagedUserView,
    MemberType,
    SuspendUser,
    UserFilter,
    UserQueries,
)

Sort = Annotated[Literal["createdAt", "-createdAt", "name", "-name"], QueryParameter()]
RoleFilter = Annotated[Role | None, QueryParameter(name="role")]
MemberTypeFilter = Annotated[MemberType | None, QueryParameter(name="memberType")]
StandingFilter = Annotated[Literal["active", "all", "suspended"], QueryParameter(name="status")]

RegisteredFrom = Annotated[Moment | None, QueryParameter(name="registeredFrom")]
RegisteredTo = Annotated[Moment | None, QueryParameter(name="registeredTo")]

_NAMES = ("registeredFrom", "registeredTo")
_SUSPENDED = {"active": False, "suspended": True}


@get("/admin/users", tags=["User administration"])
async def list_users(
    asker: FromDishka[Actor],
    query: FromDishka[UserQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: Sort = "-createdAt",
    search: SearchText = None,
    role: RoleFilter = None,
    member_type: MemberTypeFilter = None,
    status: StandingFilter = "all",
    registered_from: RegisteredFrom = None,
    registered_to: RegisteredTo = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[ListedUserView]:
    """List the users of the tenant, newest first, with their last login and open sessions.

    `search` is in names, e-mail address, phone number, company, title and skills.
    """
    asked = registered_from or registered_to
    when = period(registered_from, registered_to, await tenant.zone(), names=_NAMES) if asked else Period()
    wanted = UserFilter(search=search, role=role, member_type=member_type, suspended=_SUSPENDED.get(status),
                        registered_from=when.start, registered_before=when.end)  # fmt: skip
    listing = Listing.of("listUsers", asker, sort=sort, filters=wanted)
    ask = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.managed(wanted, ask))


@patch("/admin/users/{user_id:str}", tags=["User administration"], responses=problems("last_owner"),
       description=Administration.change.__doc__)  # fmt: skip
async def change_user(
    user_id: Id, data: JSONBody[ChangeUser], administration: FromDishka[Administration], if_match: IfMatch = None
) -> Response[ManagedUserView]:
    user = await administration.change(user_id, data, expected=expected_versions(if_match))
    return tagged(ManagedUserView.managed(user))


@post("/admin/users/{user_id:str}/suspend", tags=["User administration"], status_code=HTTP_200_OK,
      responses=problems("last_owner"), description=Administration.suspend.__doc__)  # fmt: skip
async def suspend_user(
    user_id: Id, data: JSONBody[SuspendUser], administration: FromDishka[Administration]
) -> Response[ManagedUserView]:
    return tagged(ManagedUserView.managed(await administration.suspend(user_id, data)))


@post("/admin/users/{user_id:str}/activate", tags=["User administration"], status_code=HTTP_200_OK,
      description=Administration.activate.__doc__)  # fmt: skip
async def activate_user(user_id: Id, administration: FromDishka[Administration]) -> Response[ManagedUserView]:
    return tagged(ManagedUserView.managed(await administration.activate(user_id)))


@delete("/admin/users/{user_id:str}", tags=["User administration"], responses=problems("last_owner"),
        description=Administration.erase.__doc__)  # fmt: skip
async def erase_user(user_id: Id, administration: FromDishka[Administration], if_match: IfMatch = None) -> None:
    await administration.erase(user_id, expected=expected_versions(if_match))


USER_ADMINISTRATION_ROUTES: Sequence[ControllerRouterHandler] = (
    list_users,
    change_user,
    suspend_user,
    activate_user,
    erase_user,
)

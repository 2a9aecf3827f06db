"""The people of a tenant over HTTP: oneself, and the others."""

from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import unquote

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, put
from litestar.params import HeaderParameter, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.etag import IfMatch, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, SearchText
from api.problems import problems
from domains.identity import SecondCode
from domains.shared.actor import Actor
from domains.users import (
    ChangeProfile,
    DirectoryEntryView,
    DirectoryFilter,
    FoundUsers,
    Leaving,
    MemberType,
    PersonView,
    Profiles,
    ProfileView,
    SetStatus,
    UserQueries,
)

Wanted = Annotated[Annotated[str, Meta(min_length=2, max_length=200, examples=["ada"])], QueryParameter(name="q")]
Place = Annotated[Annotated[str, Meta(min_length=1, max_length=200)] | None, QueryParameter(name="location")]
SkillList = Annotated[Annotated[str, Meta(min_length=1, max_length=500)] | None, QueryParameter(name="skills")]
MemberTypeFilter = Annotated[MemberType | None, QueryParameter(name="memberType")]
ByName = Annotated[Literal["name"], QueryParameter()]
CurrentPassword = Annotated[
    Annotated[
        str,
        Meta(min_length=1, max_length=1_000, description="In UTF-8, percent-encoded.", examples=["Correct-Horse-7%21"]),
    ],
    HeaderParameter(name="Current-Password"),
]
CurrentCode = Annotated[SecondCode | None, HeaderParameter(name="Current-Code")]


@get("/users/me", tags=["Users"])
async def get_profile(query: FromDishka[UserQueries]) -> Response[ProfileView]:
    """Show one's own profile, whole."""
    return tagged(await query.own())


@patch("/users/me", tags=["Users"], responses=problems("already_exists"), description=Profiles.change.__doc__)
async def change_profile(
    data: JSONBody[ChangeProfile], profiles: FromDishka[Profiles], if_match: IfMatch = None
) -> Response[ProfileView]:
    user = await profiles.change(data, expected=expected_versions(if_match))
    return tagged(ProfileView.own(user))


@put("/users/me/status", tags=["Users"], description=Profiles.set_status.__doc__)
async def set_status(data: JSONBody[SetStatus], profiles: FromDishka[Profiles]) -> Response[ProfileView]:
    return tagged(ProfileView.own(await profiles.set_status(data)))


@delete("/users/me", tags=["Users"],
        responses=problems("invalid_credentials", "two_factor_required", "invalid_code", "last_owner"),
        description=Leaving.leave.__doc__)  # fmt: skip
async def leave_tenant(
    leaving: FromDishka[Leaving], current_password: CurrentPassword, current_code: CurrentCode = None
) -> None:
    await leaving.leave(password=unquote(current_password), code=current_code)


@get("/users/search", tags=["Users"])
async def search_users(query: FromDishka[UserQueries], q: Wanted, limit: Limit = 20) -> FoundUsers:
    """Find people by name, e-mail address or phone number, those who fit best first.

    - Words may be begun only; where nothing fits, names that are written much alike are found.
    - Phone numbers are found in any format. What somebody hides from you is neither shown nor searched.
    - Suspended people are not found.
    """
    return await query.search(q, limit=limit)


@get("/users/directory", tags=["Users"])
async def browse_directory(
    asker: FromDishka[Actor],
    query: FromDishka[UserQueries],
    cursors: FromDishka[Cursors],
    sort: ByName = "name",
    search: SearchText = None,
    location: Place = None,
    skills: SkillList = None,
    member_type: MemberTypeFilter = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[DirectoryEntryView]:
    """List the people of the tenant by name, with what each shows.

    `search` is in names, company, title and skills, `location` in place, city and state. `skills` are parted by commas;
    who is listed has all of them.
    """
    had = tuple(skill for skill in (skills or "").split(",") if skill.strip()) or None
    wanted = DirectoryFilter(search=search, location=location, skills=had, member_type=member_type)
    listing = Listing.of("browseDirectory", asker, sort=sort, filters=wanted)
    ask = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.directory(wanted, ask))


@get("/users/{user_id:str}", tags=["Users"])
async def get_user(user_id: Id, query: FromDishka[UserQueries]) -> Response[PersonView]:
    """Show somebody of the tenant: what the person shows to you."""
    return tagged(await query.one(user_id))


USER_ROUTES: Sequence[ControllerRouterHandler] = (
    get_profile,
    change_profile,
    set_status,
    leave_tenant,
    search_users,
    browse_directory,
    get_user,
)

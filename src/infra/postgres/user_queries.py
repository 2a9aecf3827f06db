"""Users, to be read: rows go through what each shows to whom."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domains.shared.actor import Actor
from domains.shared.errors import InvalidCursor, NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from domains.users import (
    CIRCLE_OF,
    DirectoryEntryView,
    DirectoryFilter,
    FoundUsers,
    FoundUserView,
    ListedUserView,
    PersonView,
    ProfileView,
    UserFilter,
)
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.users import USER, user_of
from infra.postgres.work import PostgresWork

_ONE = f"select {USER} from users where id = $1 and erased_at is null"  # noqa: S608 - put together from constants
_OF_FOUND = USER.replace("id, ", "users.id, ", 1)
_SEARCH = f"""
    with found as materialized (select id, place from public.search_users($1, $2, $3))
    select {_OF_FOUND} from found f join users on users.id = f.id order by f.place
"""  # noqa: S608 - as above
_DIRECTORY = f"""
    with found as materialized (
        select id, place from public.matching_users($1, $2, $3, $4, $5, false, $6, $7, $8)
    )
    select {_OF_FOUND}, users.sort_name from found f join users on users.id = f.id order by f.place
"""  # noqa: S608 - as above
_COUNT = "select count(*) from public.matching_users($1, $2, $3, $4, $5, false, null, null, null)"
_MATCHING = (
    "id = any (array(select m.id from public.matching_users({}, null, null, null, 'admins', true, null, null, null) m))"
)
_LOGINS = "select member, last_login_at, open_sessions from directory.logins_of($1)"
_LIST = Keyset(
    table="users",
    fields=USER,
    sorts={"created_at": SortKey("created_at", datetime), "name": SortKey("sort_name", str)},
)


class PostgresUserQueries:
    """The `UserQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def own(self) -> ProfileView:
        self._actor.must(Permission.PROFILE_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, self._actor.user)
        if row is None:
            raise NotFound.one("user")
        return ProfileView.own(user_of(row))

    async def one(self, user_id: UUID) -> PersonView:
        self._actor.must(Permission.USERS_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_ONE, user_id)
        if row is None:
            raise NotFound.one("user")
        return PersonView.of(user_of(row), self._actor.role)

    async def search(self, text: str, *, limit: int) -> FoundUsers:
        self._actor.must(Permission.USERS_READ)
        circle = CIRCLE_OF[self._actor.role].value
        async with self._work:
            rows = await self._work.connection.fetch(_SEARCH, text, circle, limit)
        return FoundUsers(items=tuple(FoundUserView.of(user_of(row), self._actor.role) for row in rows))

    async def directory(self, wanted: DirectoryFilter, request: PageRequest) -> Page[DirectoryEntryView]:
        self._actor.must(Permission.USERS_READ)
        circle = CIRCLE_OF[self._actor.role].value
        asked = (wanted.search, wanted.location, wanted.skills, wanted.member_type, circle)
        async with self._work:
            total = await self._work.connection.fetchval(_COUNT, *asked) if request.include_total else None
            rows = await self._work.connection.fetch(_DIRECTORY, *asked, *_after(request), request.limit + 1)
        shown = rows[: request.limit]
        return Page(
            items=[DirectoryEntryView.of(user_of(row), self._actor.role) for row in shown],
            next=(shown[-1]["sort_name"], str(shown[-1]["id"])) if len(rows) > request.limit else None,
            total=total,
        )

    async def managed(self, wanted: UserFilter, request: PageRequest) -> Page[ListedUserView]:
        self._actor.must(Permission.USERS_MANAGE)
        async with self._work:
            page = await _LIST.page(self._work.connection, list(_conditions(wanted)), request, user_of)
            rows = await self._work.connection.fetch(_LOGINS, [user.id for user in page.items])
        logins = {row["member"]: (row["last_login_at"], row["open_sessions"]) for row in rows}
        listed = [ListedUserView.listed(user, *logins.get(user.id, (None, 0))) for user in page.items]
        return Page(items=listed, next=page.next, total=page.total)


def _after(request: PageRequest) -> tuple[str | None, UUID | None]:
    if request.after is None:
        return None, None
    try:
        name, user_id = request.after
        return name, UUID(user_id)
    except ValueError:
        raise InvalidCursor("The cursor does not fit this list.") from None


def _conditions(wanted: UserFilter) -> Iterator[Condition]:
    yield ("(erased_at is null) = {}", True)
    if wanted.search is not None:
        yield (_MATCHING, wanted.search)
    if wanted.role is not None:
        yield ("role = {}", wanted.role.value)
    if wanted.member_type is not None:
        yield ("member_type = {}", wanted.member_type)
    if wanted.suspended is not None:
        yield ("(suspended_at is not null) = {}", wanted.suspended)
    if wanted.registered_from is not None:
        yield ("created_at >= {}", wanted.registered_from)
    if wanted.registered_before is not None:
        yield ("created_at < {}", wanted.registered_before)

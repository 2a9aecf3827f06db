"""Private feeds in Postgres. A feed's token is a route: its digest is in the directory, the token nowhere."""

import base64
import hashlib
from datetime import datetime
from uuid import UUID

from domains.appointments import Appointment, Feed, FeedOwner, Span
from infra.postgres.appointments import FIELDS, visit_of
from infra.postgres.routes import PostgresRoutes
from infra.postgres.work import PostgresWork

_KIND = "calendar"
_FIND = "select generation from calendar_feeds where user_id = $1 for no key update"
_PUT = """
    insert into calendar_feeds (tenant_id, user_id, generation, created_at) values ($1, $2, $3, $4)
    on conflict (tenant_id, user_id) do update set generation = excluded.generation, created_at = excluded.created_at
"""
_NAME = """
    select t.name from users u join tenants t on t.tenant_id = u.tenant_id
    where u.id = $1 and u.erased_at is null and u.suspended_at is null and u.role <> 'member'
"""
_VISITS = f"""
    select {FIELDS} from appointments where staff_id = $1 and starts_at >= $2 and starts_at < $3
    order by starts_at, id limit 2000
"""  # noqa: S608 - put together from constants


class KeyedFeedTokens:
    """`FeedTokens` by keyed BLAKE2b: 256 bits that follow from the feed and the installation's secret."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, tenant: UUID, feed: Feed) -> str:
        message = tenant.bytes + feed.user.bytes + feed.generation.bytes
        digest = hashlib.blake2b(message, key=self._key, digest_size=32, person=b"frontdesk.feed").digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class PostgresFeeds:
    """The `Feeds` of the work."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work
        self._routes = PostgresRoutes(work)

    async def find(self, user: UUID) -> Feed | None:
        generation = await self._work.connection.fetchval(_FIND, user)
        return Feed(user, generation) if generation else None

    async def put(self, feed: Feed, *, now: datetime) -> None:
        await self._work.connection.execute(_PUT, self._work.tenant, feed.user, feed.generation, now)

    async def lead(self, token: str, user: UUID) -> None:
        await self._routes.add(_KIND, token, user)

    async def forget(self, token: str) -> None:
        await self._routes.remove(_KIND, token)

    async def owner_of(self, token: str) -> FeedOwner | None:
        route = await self._routes.find(_KIND, token)
        return FeedOwner(route.tenant, route.subject) if route else None

    async def name_of(self, user: UUID) -> str | None:
        found: str | None = await self._work.connection.fetchval(_NAME, user)
        return found

    async def visits_of(self, user: UUID, during: Span) -> list[Appointment]:
        return [visit_of(row) for row in await self._work.connection.fetch(_VISITS, user, during.start, during.end)]

"""The wiring of who may come in: the sessions that a process remembers, what tells it of changes, and its callers."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from api.access_log import CallWatch
from domains.identity import LiveSessions
from domains.shared.clock import WallClock
from frontdesk.live_parts import running
from infra.call_counting import CountedCalls
from infra.key_uses import NotedUses
from infra.postgres.access_feed import AccessFeed
from infra.postgres.api_keys import PostgresKeyUses
from infra.postgres.database import Database
from infra.postgres.sessions import PostgresSessions
from infra.postgres.usage import PostgresCallCounts
from infra.remembered_sessions import RememberedSessions


class AccessParts(Provider):
    """Made once a process. `database_url` is of the application's role."""

    scope = Scope.APP

    def __init__(self, database_url: str) -> None:
        super().__init__()
        self._url = database_url

    @provide
    def remembered(self, database: Database) -> RememberedSessions:
        return RememberedSessions(PostgresSessions(database))

    @provide
    async def feed(self, remembered: RememberedSessions) -> AsyncIterator[AccessFeed]:
        feed = AccessFeed(self._url, remembered)
        async with running(feed.run()):
            yield feed

    @provide
    async def sessions(
        self, remembered: RememberedSessions, _feed: AccessFeed, database: Database
    ) -> AsyncIterator[LiveSessions]:
        uses = NotedUses(remembered, PostgresKeyUses(database))
        async with running(uses.run()):
            yield remembered
        await uses.flush()

    @provide
    async def calls(self, database: Database, clock: WallClock) -> AsyncIterator[CallWatch]:
        calls = CountedCalls(PostgresCallCounts(database), clock.wall)
        async with running(calls.run()):
            yield calls
        await calls.flush()

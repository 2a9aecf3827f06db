"""The wiring of the live pipe: what wakes the relay, and what tells open sockets."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from dishka import Provider, Scope, provide

from api.live.hub import Hub
from api.live.sockets import Reception
from api.live.turnstile import MOST_OPEN_PER_USER, Turnstile
from domains.identity import TicketGate, Tickets
from frontdesk.frames import AUDIENCES, FRAMES
from frontdesk.on_demand import redis_bell, redis_places
from infra.limits.places import OnlyHere
from infra.postgres.database import Database
from infra.postgres.event_log import PostgresBell, PostgresEventLog, PostgresStandings
from infra.postgres.streaming import Streaming, Waker
from infra.postgres.tickets import PostgresTickets
from infra.remembered_sessions import HeededStandings, RememberedSessions

_READING_CONNECTIONS = 4


class LiveParts(Provider):
    """Made once a process, on connections of their own. `database_url` is of the application's role.

    With `redis_url`, bells ring there, and all processes count what a user has open together.
    """

    scope = Scope.APP

    tickets = provide(PostgresTickets, provides=Tickets)
    gate = provide(TicketGate)
    reception = provide(Reception)

    def __init__(self, database_url: str, redis_url: str | None = None) -> None:
        super().__init__()
        self._url = database_url
        self._redis_url = redis_url

    @provide
    async def streaming(self) -> AsyncIterator[Streaming]:
        waker = Waker(self._url)
        async with running(waker.run()):
            yield Streaming(AUDIENCES, waker.wake)

    @provide
    async def hub(self, remembered: RememberedSessions) -> AsyncIterator[Hub]:
        reading = Database(self._url, size=_READING_CONNECTIONS)
        bell = redis_bell(self._redis_url) if self._redis_url else PostgresBell(self._url)
        places = redis_places(self._redis_url, most=MOST_OPEN_PER_USER) if self._redis_url else OnlyHere()
        turnstile = Turnstile(places)
        standings = HeededStandings(PostgresStandings(reading), remembered)
        hub = Hub(PostgresEventLog(reading), bell, standings, FRAMES, turnstile)
        async with running(bell.run(), hub.follow(), hub.watch(), turnstile.watch()):
            yield hub
            hub.stop()
        await places.close()
        await reading.close()


@asynccontextmanager
async def running(*parts: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The parts run until this is left."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

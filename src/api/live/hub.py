"""The hub of a process: reads the event log of the tenants that have subscribers here, and tells those who may hear."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from uuid import UUID

import msgspec
import structlog

from api.live.frames import of_event
from api.live.outbox import MOST_FRAMES, SESSION_ENDED, STOPPING, Frame, Outbox
from api.live.turnstile import Turnstile
from domains.shared.actor import Actor
from domains.shared.errors import Unavailable
from domains.shared.live import Bell, EventLog, FrameKind, LoggedEvent, Standings
from domains.shared.permissions import Permission

_PAGE = MOST_FRAMES // 2  # who reads is not cut off by a single one
_MOST_REPLAYED = 50_000
_LOOK_EVERY_SECONDS = 1.0
_CHECK_EVERY_SECONDS = 0.4
_STALE_SECONDS = 0.8
_AT_ONCE = 3
_AUDIENCES = {each.value: each for each in Permission}

_log = structlog.get_logger("hub")


class MissedTooMuch(Exception):
    """What was missed is not kept any more, or was never there: fetch everything anew."""


class Subscriber:
    """One open socket or event stream. `last_id` is the number after which it hears live."""

    def __init__(self, actor: Actor, last_id: int, place: UUID) -> None:
        self.actor = actor
        self.place = place
        self.last_id = last_id
        self.outbox = Outbox()

    def may_hear(self, event: LoggedEvent) -> bool:
        """Whether the user may see it now. An audience that this process does not know is nobody."""
        audience = _AUDIENCES.get(event.audience)
        return audience is not None and self.outbox.ending is None and self.actor.may(audience)


class _Room:
    """The subscribers of one tenant, and how far its log has been read for them."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.subscribers: set[Subscriber] = set()


class Hub:
    """Frames of a tenant go out in the order of their numbers, each number once to each subscriber."""

    def __init__(
        self,
        log: EventLog,
        bell: Bell,
        standings: Standings,
        frames: Mapping[str, FrameKind],
        turnstile: Turnstile,
    ) -> None:
        self._log = log
        self._bell = bell
        self._standings = standings
        self._frames = frames
        self._rooms: dict[UUID, _Room] = {}
        self._turnstile = turnstile
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._looked = self._checked = float("-inf")
        self._behind: set[UUID] = set()
        self._is_stopping = False

    async def join(self, actor: Actor) -> Subscriber:
        """Hear what happens from now on. Raises `TooManyOpen`, and `Unavailable` when this process is stopping."""
        actor.must(Permission.PROFILE_READ)
        if self._is_stopping:
            raise Unavailable("This server is about to stop.")
        place = await self._turnstile.enter(actor.user)
        try:
            heads = await self._log.heads([actor.tenant])
        except BaseException:
            self._turnstile.leave(actor.user, place)
            raise
        room = self._rooms.setdefault(actor.tenant, _Room(heads[actor.tenant]))
        subscriber = Subscriber(actor, room.seq, place)
        room.subscribers.add(subscriber)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        room = self._rooms.get(subscriber.actor.tenant)
        if room is None or subscriber not in room.subscribers:
            return
        room.subscribers.discard(subscriber)
        self._turnstile.leave(subscriber.actor.user, subscriber.place)
        if not room.subscribers:
            del self._rooms[subscriber.actor.tenant]

    async def missed(self, subscriber: Subscriber, last_id: int) -> AsyncIterator[Frame]:
        """What the user may see now of what followed `last_id`, up to where live frames began.

        Raises `MissedTooMuch` before the first frame when that cannot be told without a gap.
        """
        tenant, until, seq = subscriber.actor.tenant, subscriber.last_id, last_id
        if not 0 <= until - last_id <= _MOST_REPLAYED or not await self._is_kept(tenant, last_id, until):
            raise MissedTooMuch
        while seq < until:
            events = await self._log.after(tenant, seq, most=min(_PAGE, until - seq))
            await self._know_standings()
            for event in events:
                kind = self._frames.get(event.type)
                if kind is not None and subscriber.may_hear(event):
                    yield of_event(event, kind)
            seq = events[-1].seq if events else until

    def stop(self) -> None:
        """End all that is open, and let nobody in any more."""
        self._is_stopping = True
        for subscriber in self._subscribers():
            subscriber.outbox.end(STOPPING)

    async def follow(self) -> None:
        """Tell subscribers what happens, for ever: when the bell rings, and every second in case it was not heard.

        Each look reads a page of each log, and goes on with those that have more in the next one: a log that grows
        without an end keeps no other waiting.
        """
        while True:
            grown = await self._bell.rung(patience=0 if self._behind else _LOOK_EVERY_SECONDS)
            try:
                await self._look(grown)
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look makes up for it
                _log.warning("log_not_read", reason=type(error).__name__)

    async def watch(self) -> None:
        """Notice sessions that end and roles that change, for ever."""
        while True:
            try:
                await self._check()
            except Exception as error:  # noqa: BLE001 - until it is known again, nothing is delivered
                _log.warning("standings_not_read", reason=type(error).__name__)
            await asyncio.sleep(_CHECK_EVERY_SECONDS)

    async def _look(self, grown: Collection[UUID] | None) -> None:
        now = asyncio.get_running_loop().time()
        if grown is None or now - self._looked >= _LOOK_EVERY_SECONDS:
            heads = await self._log.heads(list(self._rooms))
            grown = [
                tenant for tenant, head in heads.items() if tenant in self._rooms and self._rooms[tenant].seq < head
            ]
            self._looked = now
        behind, self._behind = self._behind, set()
        await asyncio.gather(*(self._advance(tenant) for tenant in behind.union(grown)))

    async def _advance(self, tenant: UUID) -> None:
        async with self._places:
            if room := self._rooms.get(tenant):
                events = await self._log.after(tenant, room.seq, most=_PAGE)
                await self._know_standings()
                for event in events:
                    self._deliver(room, event)
                if len(events) == _PAGE:
                    self._behind.add(tenant)

    def _deliver(self, room: _Room, event: LoggedEvent) -> None:
        room.seq = event.seq
        kind = self._frames.get(event.type)
        if kind is None:
            return
        if hearers := [each for each in room.subscribers if each.may_hear(event)]:
            frame = of_event(event, kind)
            for subscriber in hearers:
                subscriber.outbox.put(frame)

    async def _know_standings(self) -> None:
        if asyncio.get_running_loop().time() - self._checked > _STALE_SECONDS:
            await self._check()

    async def _check(self) -> None:
        asked, present = asyncio.get_running_loop().time(), self._subscribers()
        if present:
            roles = await self._standings.of({each.actor.session for each in present})
            for subscriber in present:
                role = roles.get(subscriber.actor.session)
                if role is None:
                    subscriber.outbox.end(SESSION_ENDED)
                elif role is not subscriber.actor.role:
                    subscriber.actor = msgspec.structs.replace(subscriber.actor, role=role)
        self._checked = asked

    async def _is_kept(self, tenant: UUID, last_id: int, until: int) -> bool:
        """Whether nothing between `last_id` and `until` is forgotten."""
        if last_id == until:
            return True
        following = await self._log.after(tenant, last_id, most=1)
        return bool(following) and following[0].seq == last_id + 1

    def _subscribers(self) -> list[Subscriber]:
        return [each for room in self._rooms.values() for each in room.subscribers]

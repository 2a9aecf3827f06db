"""`GET /events/stream`: the frames of a socket as server-sent events, read only."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from dishka.integrations.litestar import FromDishka
from litestar import get
from litestar.params import HeaderParameter
from litestar.response import Stream

from api.live.frames import of_answer
from api.live.hub import Hub, MissedTooMuch, Subscriber
from api.live.outbox import Frame
from api.problems import problems
from domains.shared.actor import Actor
from domains.shared.limits import LimitName

MEDIA_TYPE = "text/event-stream"
_HEARTBEAT = b": still here\n\n"
_HEARTBEAT_SECONDS = 25.0

LastEventId = Annotated[Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None, HeaderParameter(name="Last-Event-ID")]


@get(
    "/events/stream",
    tags=["Real time"],
    media_type=MEDIA_TYPE,
    responses=problems("rate_limited"),
    opt={"limit": LimitName.SOCKET},
)
async def stream_events(asker: FromDishka[Actor], hub: FromDishka[Hub], last_event_id: LastEventId = None) -> Stream:
    """Hear what happens, as server-sent events.

    - The first event is `ready`; then come the same frames as over the socket, each with its number as `id`.
    - `Last-Event-ID` replays what was missed in the last seven days, or says `resync`: then fetch everything anew.
    - A comment comes every 25 seconds. The stream ends when the session does, and when its reader is too slow.
    """
    subscriber = await hub.join(asker)
    headers = {"X-Accel-Buffering": "no"}
    return Stream(_lines(hub, subscriber, last_event_id), media_type=MEDIA_TYPE, headers=headers)


async def _lines(
    hub: Hub, subscriber: Subscriber, last_event_id: int | None, *, heartbeat: float = _HEARTBEAT_SECONDS
) -> AsyncIterator[bytes]:
    try:
        yield _line(_ready(subscriber), subscriber.last_id if last_event_id is None else last_event_id)
        async for frame in _replayed(hub, subscriber, last_event_id):
            yield _line(frame, subscriber.last_id if frame.id is None else frame.id)
        while subscriber.outbox.ending is None:
            try:
                async with asyncio.timeout(heartbeat):
                    frames = await subscriber.outbox.take()
            except TimeoutError:
                yield _HEARTBEAT
            else:
                yield b"".join(_line(frame, frame.id) for frame in frames)
    finally:
        hub.leave(subscriber)


async def _replayed(hub: Hub, subscriber: Subscriber, last_event_id: int | None) -> AsyncIterator[Frame]:
    if last_event_id is not None:
        try:
            async for frame in hub.missed(subscriber, last_event_id):
                yield frame
        except MissedTooMuch:
            yield of_answer("resync", {"lastId": subscriber.last_id})


def _ready(subscriber: Subscriber) -> Frame:
    who = {"userId": subscriber.actor.user, "sessionId": subscriber.actor.session, "lastId": subscriber.last_id}
    return of_answer("ready", who)


def _line(frame: Frame, number: int | None) -> bytes:
    marked = "" if number is None else f"id: {number}\n"
    return f"{marked}event: {frame.event}\ndata: {frame.text}\n\n".encode()

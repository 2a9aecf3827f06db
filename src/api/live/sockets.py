"""`GET /ws`: who may open a socket, and what is said over it."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from api.live import frames
from api.live.frames import Auth, ClientFrame, Ref, Resume
from api.live.hub import Hub, MissedTooMuch, Subscriber
from api.live.outbox import Ending, Frame
from domains.identity import AccessTokens, LiveSessions, Session, TicketGate
from domains.shared.actor import Actor
from domains.shared.errors import DomainError, Unauthenticated
from domains.shared.limits import LimitName, RateLimiter, RateLimits, windows_of

MOST_BAD_FRAMES = 5
AUTH_SECONDS = 5.0
_CLOSING_SECONDS = 2.0

NOT_TEXT = Ending(1003, "text_only")
TOO_MANY_BAD_FRAMES = Ending(1008, "too_many_bad_frames")
NOT_AUTHENTICATED_IN_TIME = Ending(4401, "unauthenticated")
_CLOSE_CODES = {"unauthenticated": 4401, "token_expired": 4401, "forbidden": 4403, "rate_limited": 4429}
_TRY_AGAIN_LATER = 1013

_Socket = WebSocket[Any, Any, Any]


class Closed(Exception):
    """The socket is to be closed, or is closed already: then there is no `ending`."""

    def __init__(self, ending: Ending | None) -> None:
        super().__init__(ending)
        self.ending = ending


class Reception:
    """Lets in who shows a ticket in the address, or an access token in the first frame."""

    def __init__(
        self, tokens: AccessTokens, sessions: LiveSessions, gate: TicketGate, limiter: RateLimiter, limits: RateLimits
    ) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._gate = gate
        self._limiter = limiter
        self._limits = limits

    async def count(self, actor: Actor) -> Actor:
        """Count one more that is opened. Raises `RateLimited` where there were too many of late."""
        rates = actor.limits.rates_of(LimitName.SOCKET, actor.plan, self._limits)
        if windows := windows_of(LimitName.SOCKET, rates):
            (await self._limiter.take(f"user:{actor.user}", windows)).must_be_granted()
        return actor

    async def by_ticket(self, ticket: str) -> Actor:
        """Raises `Unauthenticated` unless the ticket is good."""
        return _actor(await self._gate.admit(ticket))

    async def by_first_frame(self, line: "Line") -> Actor:
        """Raises `Unauthenticated`, `TokenExpired`, or `Closed` when nothing comes for five seconds."""
        try:
            async with asyncio.timeout(AUTH_SECONDS):
                text = await line.receive()
        except TimeoutError:
            raise Closed(NOT_AUTHENTICATED_IN_TIME) from None
        try:
            frame = frames.read(text)
            if frame.event != "auth":
                raise Unauthenticated("The first frame is auth.")
            token = msgspec.json.decode(frame.data, type=Auth).token
        except msgspec.DecodeError:
            raise Unauthenticated("The first frame is auth.") from None
        return _actor(await self._sessions.find(self._tokens.read(token)))


class Line:
    """A socket as text in and text out."""

    def __init__(self, socket: _Socket) -> None:
        self._socket = socket

    async def receive(self) -> str:
        """Raise `Closed` when the other side has left, or sent no text."""
        message: Any = await self._socket.receive()
        if message["type"] != "websocket.receive":
            raise Closed(None)
        if message.get("text") is None:
            raise Closed(NOT_TEXT)
        return str(message["text"])

    async def send(self, text: str) -> None:
        """Raise `Closed` when the other side has left."""
        try:
            await self._socket.send({"type": "websocket.send", "text": text, "bytes": None})
        except (OSError, RuntimeError, WebSocketDisconnect):
            raise Closed(None) from None

    async def close(self, ending: Ending) -> None:
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._socket.send({"type": "websocket.close", "code": ending.code, "reason": ending.reason})
        except (OSError, RuntimeError, TimeoutError, WebSocketDisconnect):
            return


class Conversation:
    """What is said over one open socket, until one side ends it."""

    def __init__(self, line: Line, hub: Hub, subscriber: Subscriber) -> None:
        self._line = line
        self._hub = hub
        self._subscriber = subscriber
        self._sending = asyncio.Lock()
        self._bad = 0

    async def go_on(self) -> None:
        """Raises `Closed` when it is over."""
        await self._line.send(frames.of_answer("ready", _ready(self._subscriber)).text)
        parts = [asyncio.create_task(part) for part in (self._listen(), self._tell(), self._await_end())]
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
        if ending := self._subscriber.outbox.ending:
            raise Closed(ending)
        for part in done:
            part.result()

    async def _tell(self) -> None:
        while self._subscriber.outbox.ending is None:
            await self._send(await self._subscriber.outbox.take())

    async def _send(self, waiting: list[Frame]) -> None:
        async with self._sending:
            for frame in waiting:
                await self._line.send(frame.text)

    async def _await_end(self) -> None:
        raise Closed(await self._subscriber.outbox.over())

    async def _listen(self) -> None:
        while True:
            await self._heed(await self._line.receive())

    async def _heed(self, text: str) -> None:
        try:
            frame = frames.read(text)
        except msgspec.DecodeError:
            await self._complain("validation_error", None)
            return
        try:
            await self._do(frame)
        except msgspec.DecodeError:
            await self._complain("validation_error", frame.ref)

    async def _do(self, frame: ClientFrame) -> None:
        if frame.event != "resume":
            await self._complain("unknown_event", frame.ref)
            return
        await self._resume(msgspec.json.decode(frame.data, type=Resume).last_id)
        if frame.ref is not None:
            await self._line.send(frames.of_answer("ack", {}, ref=frame.ref).text)

    async def _resume(self, last_id: int) -> None:
        """Live frames wait meanwhile."""
        async with self._sending:
            try:
                async for missed in self._hub.missed(self._subscriber, last_id):
                    await self._line.send(missed.text)
            except MissedTooMuch:
                resync = frames.of_answer("resync", {"lastId": self._subscriber.last_id})
                await self._line.send(resync.text)

    async def _complain(self, code: str, ref: Ref | None) -> None:
        self._bad += 1
        await self._line.send(frames.of_answer("error", {"code": code}, ref=ref).text)
        if self._bad >= MOST_BAD_FRAMES:
            raise Closed(TOO_MANY_BAD_FRAMES)


async def converse(socket: _Socket, reception: Reception, hub: Hub, *, origins: frozenset[bytes]) -> None:
    """Serve one socket from the handshake to its end."""
    ticket, refused = _asked(socket, origins)
    if refused:
        await socket.close()
        return
    await socket.accept()
    line = Line(socket)
    try:
        subscriber = await hub.join(await reception.count(await _admitted(line, reception, ticket)))
        try:
            await Conversation(line, hub, subscriber).go_on()
        finally:
            hub.leave(subscriber)
    except Closed as closed:
        if closed.ending:
            await line.close(closed.ending)
    except DomainError as refusal:
        await _refuse(line, refusal)


def _admitted(line: Line, reception: Reception, ticket: str | None) -> Coroutine[Any, Any, Actor]:
    return reception.by_first_frame(line) if ticket is None else reception.by_ticket(ticket)


async def _refuse(line: Line, refusal: DomainError) -> None:
    try:
        await line.send(frames.of_answer("error", {"code": refusal.code}).text)
    except Closed:
        return
    await line.close(Ending(_CLOSE_CODES.get(refusal.code, _TRY_AGAIN_LATER), refusal.code))


def _asked(socket: _Socket, origins: frozenset[bytes]) -> tuple[str | None, bool]:
    """The ticket in the address, and whether the handshake is refused: nothing else may stand there, a token least."""
    scope = socket.scope
    given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    # uvicorn logs the address of a socket that it accepts: what stands in it is secret.
    scope["query_string"] = b""
    from_pages = [value for name, value in scope["headers"] if name == b"origin"]
    is_foreign = len(from_pages) > 1 or any(origin not in origins for origin in from_pages)
    is_strange = len(given) > 1 or any(name != "ticket" for name, _ in given)
    return (given[0][1] if given and not is_strange else None), is_foreign or is_strange


def _actor(session: Session | None) -> Actor:
    if session is None:
        raise Unauthenticated("The session has ended.")
    return session.actor()


def _ready(subscriber: Subscriber) -> dict[str, Any]:
    actor = subscriber.actor
    return {"userId": actor.user, "sessionId": actor.session, "lastId": subscriber.last_id}

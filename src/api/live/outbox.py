"""What waits to be sent to one reader: so much and no more."""

import asyncio
from collections import deque

import msgspec

MOST_FRAMES = 256
MOST_BYTES = 1_048_576


class Ending(msgspec.Struct, frozen=True):
    """Why a socket is closed: a close code (RFC 6455 §7.4; from 4000 our own) and a word for people."""

    code: int
    reason: str


SLOW_READER = Ending(4008, "slow_reader")
SESSION_ENDED = Ending(4401, "session_ended")
STOPPING = Ending(1012, "service_restart")


class Frame(msgspec.Struct, frozen=True):
    """A frame as it goes over the wire, encoded once for all who hear it. Without `id` it is never replayed."""

    id: int | None
    event: str
    text: str


class Outbox:
    """Frames in order. Whoever lets them pile up is cut off; whoever is cut off gets nothing more."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._over = asyncio.Event()
        self._ending: Ending | None = None

    @property
    def ending(self) -> Ending | None:
        """Why nothing more comes; None while it is open."""
        return self._ending

    def put(self, frame: Frame) -> None:
        if self._ending is not None:
            return
        self._frames.append(frame)
        self._bytes += len(frame.text)
        self._filled.set()
        if len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self.end(SLOW_READER)

    def end(self, ending: Ending) -> None:
        """Throw away what waits, and say why. The first reason stands."""
        if self._ending is None:
            self._ending = ending
            self._frames.clear()
            self._over.set()
            self._filled.set()

    async def take(self) -> list[Frame]:
        """All that waits, once something does; nothing when it is over."""
        await self._filled.wait()
        if self._ending is None:
            self._filled.clear()
        taken = list(self._frames)
        self._frames.clear()
        self._bytes = 0
        return taken

    async def over(self) -> Ending:
        """Wait until it has ended."""
        await self._over.wait()
        return self._ending or STOPPING

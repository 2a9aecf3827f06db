"""WebSockets on uvicorn, with limits on what a bad or slow client can hold up."""

import logging
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from api.live.frames import MOST_BYTES

_MOST_FRAGMENTS = 1024
_MOST_UNREAD_PONGS = 65_536
_LAST_WORD_SECONDS = 3.0


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own, which counts bytes but not fragments, answers pings that nobody reads, and waits for a reader."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = logging.getLogger("uvicorn.sockets")
        self.logger.setLevel(logging.CRITICAL)
        # It would log what is said, and the address with its ticket.
        self.conn.logger = self.logger
        self.conn.debug = False

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= _MOST_FRAGMENTS:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
            self.handle_parser_exception()
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self.transport.get_write_buffer_size() > _MOST_UNREAD_PONGS:
            self.transport.abort()
        else:
            super().handle_ping()

    async def send(self, message: Any) -> None:
        """A close does not wait for what is unsent; whoever does not take it in a few seconds is cut off."""
        if message["type"] == "websocket.close":
            self.writable.set()
            self.loop.call_later(_LAST_WORD_SECONDS, self.transport.abort)
        await super().send(message)


SOCKET_SETTINGS: dict[str, Any] = {
    "ws": SocketProtocol,
    "ws_max_size": MOST_BYTES,
    "ws_ping_interval": 25.0,
    "ws_ping_timeout": 35.0,
    "ws_per_message_deflate": False,
}
"""For `uvicorn.Config`. A ping every 25 s; 60 s after the last sign of life a socket is closed."""

"""The addresses of the live pipe."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from dishka.integrations.litestar import FromDishka
from litestar import WebSocket, post, websocket
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.containers import current_container
from api.edge import EdgeSettings
from api.live.event_stream import stream_events
from api.live.hub import Hub
from api.live.sockets import Reception, converse
from domains.identity import SocketTicket, TicketOffice


@post("/ws/ticket", opt={"repeatable": False}, tags=["Real time"], status_code=HTTP_200_OK,
      description=TicketOffice.issue.__doc__)  # fmt: skip
async def issue_socket_ticket(office: FromDishka[TicketOffice]) -> SocketTicket:
    return await office.issue()


def live_routes(edge: EdgeSettings) -> Sequence[ControllerRouterHandler]:
    """Web pages may open sockets from our own origin and from those that CORS allows."""
    public = urlsplit(edge.public_url)
    own = f"{public.scheme}://{public.netloc}"
    origins = frozenset(origin.encode("ascii") for origin in (own, *edge.cors_origins))

    @websocket("/ws", opt={"public": True})
    async def open_socket(socket: WebSocket[Any, Any, Any]) -> None:
        container = current_container()
        await converse(socket, await container.get(Reception), await container.get(Hub), origins=origins)

    return issue_socket_ticket, stream_events, open_socket

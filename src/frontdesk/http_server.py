"""uvicorn, set up for clients that mean no good."""

import resource

from litestar import Litestar
from uvicorn import Config

from api.deadlines import DeadlineProtocol
from frontdesk.settings import Settings
from frontdesk.socket_protocol import SOCKET_SETTINGS

_STOP_SECONDS = 15
_KEEP_ALIVE_SECONDS = 15
_MAX_CONNECTIONS = 10_000
_OTHER_FILES = 200
_BACKLOG = 2048


def server_config(settings: Settings, app: Litestar) -> Config:
    """One port for HTTP and sockets. Of what proxies say, uvicorn believes nothing: `api.network` decides on that."""
    return Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=DeadlineProtocol,
        proxy_headers=False,
        server_header=False,
        log_config=None,
        access_log=False,
        backlog=_BACKLOG,
        limit_concurrency=room_for_connections(),
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        **SOCKET_SETTINGS,
    )


def room_for_connections() -> int:
    """How many may be open at once, after asking the system for as many files as it grants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return _MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else max(1, min(soft - _OTHER_FILES, _MAX_CONNECTIONS))

"""Steps around the application, each of which sees every request."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import ClassVar

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send


class Layer(ABC):
    """As Litestar's `ASGIMiddleware`, in a tenth of its time: there are fourteen of these around each request.

    It sees what is of its `scopes`; handlers with `opt={<exclude_opt_key>: True}` are let be.
    """

    scopes: ClassVar[tuple[ScopeType, ...]] = (ScopeType.HTTP, ScopeType.WEBSOCKET)
    exclude_opt_key: ClassVar[str | None] = None

    @abstractmethod
    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        """Pass the request on to `next_app`, or answer it."""

    def __call__(self, app: ASGIApp) -> ASGIApp:
        handle, scopes, unless = self.handle, frozenset(self.scopes), self.exclude_opt_key

        def layer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            if scope["type"] not in scopes or (unless is not None and scope["route_handler"].opt.get(unless)):
                return app(scope, receive, send)
            return handle(scope, receive, send, app)

        return layer

"""Parts for requests: each has a container of its own, from which its handler gets what it asks for (`FromDishka`).

dishka's integration with Litestar does the same, by a request and two states that nobody needs.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from dishka import AsyncContainer
from dishka import Scope as Lifetime
from dishka.integrations.base import wrap_injection
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from api.layers import Layer

_CURRENT: ContextVar[AsyncContainer] = ContextVar("container")


class OwnParts(Layer):
    """Gives each request a container, which holds its `HTTPScope`. A socket has the container of the process."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._requests = container(scope=Lifetime.SESSION)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["type"] != ScopeType.HTTP:
            _CURRENT.set(self._container)
            await next_app(scope, receive, send)
            return
        async with self._requests({HTTPScope: scope}) as own:
            before = _CURRENT.set(own)
            try:
                await next_app(scope, receive, send)
            finally:
                _CURRENT.reset(before)


def current_container() -> AsyncContainer:
    """That of the request, or for a socket that of the process."""
    return _CURRENT.get()


def injected(handle: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`handle` with what it asks for of its request's container."""
    return wrap_injection(func=handle, is_async=True, container_getter=_for_a_call)


def _for_a_call(_args: tuple[Any, ...], _named: dict[str, Any]) -> AsyncContainer:
    return _CURRENT.get()

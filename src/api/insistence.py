"""Handlers that met another transaction on their way are run again, before anything is answered."""

import copy
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler

from api.containers import injected
from domains.shared.contention import insistently


class InsistentRouter(Router):
    """Runs a handler up to three times more where its use case met `Contention`; then that is a 503.

    It is the same call, with the same parsed input and the same collaborators: the unit of work raises `Contention`
    only while nothing of the request is stored.
    """

    __slots__ = ()

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        if isinstance(value, HTTPRouteHandler):
            value = copy.copy(value)
            value._fn = injected(_insistent(value._fn))  # noqa: SLF001 - as dishka does, and there is no other way
        return super().register(value)


def _insistent(handle: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(handle)
    async def again(*args: Any, **kwargs: Any) -> Any:
        return await insistently(lambda: handle(*args, **kwargs))

    return again

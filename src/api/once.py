"""Parts that live as long as the process, for layers that need them at each request."""

from typing import Any, Generic, TypeVar

from dishka import AsyncContainer

Part = TypeVar("Part")


class Once(Generic[Part]):
    """The container's part of this type, a class or a port. Asked each time, the container would take a lock for it."""

    def __init__(self, container: AsyncContainer, kind: Any) -> None:
        self._container = container
        self._kind = kind
        self._part: Part | None = None

    async def get(self) -> Part:
        if self._part is None:
            self._part = await self._container.get(self._kind)
        return self._part

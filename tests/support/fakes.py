"""The kernel's ports in memory: a unit of work that can fail, a clock that stands still."""

import copy
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from domains.shared.actor import Actor
from domains.shared.events import Event
from domains.shared.ids import new_id
from domains.shared.permissions import Role

Value = TypeVar("Value")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class StillClock:
    """A `Clock` that moves when told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class MemoryWork:
    """A `UnitOfWork` over a dictionary of tables: `commits` counts, `recorded` and `planned` hold what came of it.

    With `fails`, the next commit raises `CommitLost`, and nothing of the work remains.
    """

    def __init__(self, tenant: UUID | None = None) -> None:
        self.tenant = tenant
        self.tables: dict[str, dict[Any, Any]] = {}
        self.recorded: list[tuple[UUID | None, Event]] = []
        self.commits = 0
        self.fails = False
        self._before: dict[str, dict[Any, Any]] | None = None
        self._said: list[Event] = []
        self._plans: list[tuple[str, UUID, datetime]] = []
        self.planned: list[tuple[str, UUID, datetime]] = []

    def within(self, tenant: UUID) -> Self:
        assert self._before is None
        self.tenant = tenant
        return self

    def record(self, event: Event) -> None:
        self._said.append(event)

    def later(self, kind: str, subject: UUID, *, at: datetime) -> None:
        self._plans.append((kind, subject, at))

    def result(self, value: Value) -> Value:
        return value

    def table(self, name: str) -> dict[Any, Any]:
        """The rows of one table, inside the work only."""
        assert self._before is not None, "Statements belong inside `async with work`."
        return self.tables.setdefault(name, {})

    @property
    def events(self) -> list[Event]:
        return [event for _, event in self.recorded]

    async def __aenter__(self) -> Self:
        assert self._before is None, "A use case is one transaction."
        self._before = copy.deepcopy(self.tables)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        before, self._before = self._before, None
        said, self._said = self._said, []
        plans, self._plans = self._plans, []
        if error is not None or self.fails:
            self.tables = before or {}
            if error is None:
                raise CommitLost
        else:
            self.commits += 1
            self.planned.extend(plans)
            self.recorded.extend((self.tenant, event) for event in said)


class CommitLost(Exception):
    """The commit was refused."""


def actor(role: Role = Role.STAFF, tenant: UUID | None = None) -> Actor:
    """Somebody with `role`."""
    return Actor(tenant=tenant or new_id(), user=new_id(), account=new_id(), session=new_id(), role=role)

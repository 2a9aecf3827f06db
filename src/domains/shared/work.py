"""The unit of work: all that a use case changes, or nothing of it."""

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar
from uuid import UUID

from domains.shared.audit import Note
from domains.shared.events import Event

Value = TypeVar("Value")


class UnitOfWork(Protocol):
    """One transaction, bound to one tenant.

    Entering begins it. Leaving commits it before the use case can answer; leaving by an exception undoes everything,
    recorded events included. A commit that fails raises, so no answer can claim what was not stored.
    """

    def within(self, tenant: UUID | None) -> Self:
        """The same work for `tenant`, or for none: for sign-up and login, where the tenant is found on the way."""
        ...

    def record(self, event: Event) -> None:
        """Store `event` with this work, and hand it to its subscribers after the commit."""
        ...

    def note(self, note: Note) -> None:
        """Store `note` with this work in the tenant's audit log; without a tenant, among the security events."""
        ...

    def later(self, kind: str, subject: UUID, *, at: datetime) -> None:
        """Have the worker do `kind` for `subject` once the business clock has come to `at`."""
        ...

    def result(self, value: Value) -> Value:
        """Keep `value` with this work as what it came to, and give it back: see `domains.shared.idempotency`."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

"""Calling a vendor in two steps, outside of transactions: prepare and commit, call, settle and commit.

What is asked of a vendor is a row first. It stays where it is when a process dies, and says how far it had come:

    pending   nothing was asked yet, or what was asked was not done
    calling   it may have been asked: written and committed just before the vendor can take it
    done, failed   it was taken, or refused for good
    unknown   nobody can tell: not asked again by itself, but raised, for an operator to decide
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import msgspec

from domains.shared.work import UnitOfWork

Order = TypeVar("Order")
Order_contra = TypeVar("Order_contra", contravariant=True)

_MOST_REPEATS = 3


class CallState(StrEnum):
    """How a call stands."""

    PENDING = "pending"
    CALLING = "calling"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Finding(StrEnum):
    """What a vendor says of a call whose answer was lost."""

    DONE = "done"
    NOT_DONE = "not_done"
    CANNOT_TELL = "cannot_tell"


class Refused(Exception):
    """The vendor will never do this. `reason` is a code of the vendor's, nothing personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Exception):
    """Nothing was done, a later try may succeed. `is_general`: the vendor is in trouble, not only this order."""

    def __init__(self, reason: str, *, is_general: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_general = is_general


class TakenByAnother(Exception):
    """Another worker has begun this call meanwhile: it is left to that one."""


class Call(msgspec.Struct, Generic[Order], frozen=True, kw_only=True):
    """One order as it stands. `id` is the key under which the vendor knows it, `attempt` counts those begun.

    What `may_repeat` does no harm when it is done twice.
    """

    id: UUID
    order: Order
    state: CallState
    attempt: int
    may_repeat: bool = False


class Calls(Protocol):
    """Where calls are written down, in the present work. Each verb says whether the call still was that attempt's."""

    async def begin(self, call: UUID, *, attempt: int) -> bool:
        """From pending to calling, and to the next attempt."""
        ...

    async def settle(self, call: UUID, state: CallState, *, attempt: int, told: str | None) -> bool:
        """To `state`, from any but done and failed. `told`: the vendor's receipt, or its reason."""
        ...


class Vendor(Protocol[Order_contra]):
    """Somebody outside who does something for us, or refuses."""

    async def call(self, key: UUID, order: Order_contra, begin: Callable[[], Awaitable[None]]) -> str | None:
        """Ask for it, and give the vendor's receipt, if it gives one.

        `begin` is awaited just before the vendor can take the order; what fails before has not been done. Raise
        `Refused`, or `TryLater` where it was certainly not done. Anything else after `begin` is ambiguous.
        """
        ...

    async def look_up(self, key: UUID, order: Order_contra) -> Finding:
        """Whether what was asked under `key` was done. Raise `TryLater` where the vendor cannot be asked now."""
        ...


class TwoStep(Generic[Order]):
    """Carries out what is prepared. It may be told of a call again and again: one that is settled is not asked for."""

    def __init__(self, calls: Calls, vendor: Vendor[Order], work: UnitOfWork) -> None:
        self.calls = calls
        self.vendor = vendor
        self.work = work

    async def carry_out(self, call: Call[Order]) -> CallState:
        """Ask the vendor, or find out what became of an earlier try; the state in which it is then.

        - What was certainly not done is pending again, and `TryLater` is raised: the caller says when.
        - What nobody can tell is `unknown`, unless it may be repeated.
        """
        if call.state is CallState.CALLING:
            return await self._find_out(call)
        if call.state is not CallState.PENDING:
            return call.state
        return await self._ask(call)

    async def _ask(self, call: Call[Order]) -> CallState:
        begun = call

        async def begin() -> None:
            nonlocal begun
            async with self.work:
                if not await self.calls.begin(call.id, attempt=call.attempt):
                    raise TakenByAnother(call.id)
            begun = msgspec.structs.replace(call, state=CallState.CALLING, attempt=call.attempt + 1)

        try:
            receipt = await self.vendor.call(call.id, call.order, begin)
        except Refused as refusal:
            return await self._settle(begun, CallState.FAILED, refusal.reason)
        except TryLater as later:
            await self._settle(begun, CallState.PENDING, later.reason)
            raise
        except Exception:
            if begun is call:
                raise
            return await self._find_out(begun)
        return await self._settle(begun, CallState.DONE, receipt)

    async def _find_out(self, call: Call[Order]) -> CallState:
        finding = await self._finding(call)
        if finding is Finding.DONE:
            return await self._settle(call, CallState.DONE, None)
        if finding is Finding.CANNOT_TELL:
            return await self._settle(call, CallState.UNKNOWN, None)
        await self._settle(call, CallState.PENDING, "not_done")
        raise TryLater("not_done")

    async def _finding(self, call: Call[Order]) -> Finding:
        if call.may_repeat and call.attempt < _MOST_REPEATS:
            return Finding.NOT_DONE
        return await self.vendor.look_up(call.id, call.order)

    async def _settle(self, call: Call[Order], state: CallState, told: str | None) -> CallState:
        async with self.work:
            await self.calls.settle(call.id, state, attempt=call.attempt, told=told)
        return state

"""What a worker does with an envelope: one verb of one capability, told what it is about."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

Capability = TypeVar("Capability")


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """`verb`, of a `capability` made for the envelope's tenant, is told the id of what the envelope is about.

    One `of_event` is told the event's subject. Any other was planned for a time. Its clock stands at the time of the
    event or of the plan, however late it is, so that a month that is moved on unfolds as a month.

    What `settles` has its effect in the database. It is done in one transaction with others of the tenant: all of it
    happens once, or nothing, in the order of their times. It does no more than that: it calls nobody, begins no
    transaction for another tenant or for none, and has four seconds. What calls a vendor does not settle: it may be
    repeated, and after an event its clock is the business's.

    What is `slow` waits for servers that a tenant names: of these, each tenant has one under way at a time.
    """

    capability: type
    verb: Callable[[Any, UUID], Awaitable[object]]
    of_event: bool
    settles: bool
    slow: bool = False


FollowUps = Mapping[str, FollowUp]


def at_its_time(capability: type[Capability], verb: Callable[[Capability, UUID], Awaitable[object]]) -> FollowUp:
    """What `work.later` planned."""
    return FollowUp(capability=capability, verb=verb, of_event=False, settles=True)


def apart(capability: type[Capability], verb: Callable[[Capability, UUID], Awaitable[object]]) -> FollowUp:
    """What `work.later` planned, and begins transactions of its own or calls a vendor."""
    return FollowUp(capability=capability, verb=verb, of_event=False, settles=False)


def after_the_commit(
    capability: type[Capability], verb: Callable[[Capability, UUID], Awaitable[object]], *, settles: bool = True
) -> FollowUp:
    """What follows an event."""
    return FollowUp(capability=capability, verb=verb, of_event=True, settles=settles)

"""What a worker does with an envelope: one verb of one capability, told what it is about."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

Capability = TypeVar("Capability")


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """`verb`, of a `capability` made for the envelope's tenant, is told the id of what the envelope is about.

    One `of_event` is told the event's subject, and its clock is the business's. Any other was planned for a time, and
    its clock stands at that time, however late it is. Where it `settles`, its one transaction takes the envelope away,
    so that its effect happens once; what calls a vendor cannot do that, and may be repeated.
    """

    capability: type
    verb: Callable[[Any, UUID], Awaitable[object]]
    of_event: bool
    settles: bool


FollowUps = Mapping[str, FollowUp]


def at_its_time(capability: type[Capability], verb: Callable[[Capability, UUID], Awaitable[object]]) -> FollowUp:
    """What `work.later` planned."""
    return FollowUp(capability=capability, verb=verb, of_event=False, settles=True)


def after_the_commit(
    capability: type[Capability], verb: Callable[[Capability, UUID], Awaitable[object]], *, settles: bool = True
) -> FollowUp:
    """What follows an event."""
    return FollowUp(capability=capability, verb=verb, of_event=True, settles=settles)

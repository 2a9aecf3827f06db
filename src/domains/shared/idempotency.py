"""A request that may come twice, and takes effect once (IETF draft-ietf-httpapi-idempotency-key-header)."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints
from uuid import UUID

import msgspec

from domains.shared.errors import Conflict, DomainError

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Verb = Callable[Concatenate[Owner, Arguments], Awaitable[Result]]


class IdempotencyInProgress(Conflict):
    """The first request with this key has not ended yet."""

    code = "idempotency_in_progress"
    title = "The first request with this key is still running"


class IdempotencyKeyReused(DomainError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    title = "The idempotency key was used for another request"


class RepeatableRequest(msgspec.Struct):
    """A request with a key: the same caller, operation and key mean the same request.

    Strangers have no `caller`: the tenant to which the work is bound stands for them, and `operation` holds a digest of
    the address, so that each slug and each token has keys of its own.

    `fingerprint` is a digest of its method, path and body. `was_replayed` is set when the answer is the first one's.
    """

    caller: UUID | None
    operation: str
    key: str
    fingerprint: bytes
    was_replayed: bool = False


class Replayed(Exception):
    """The request has been carried out before: nothing is done, and this was its result."""

    def __init__(self, result: Any) -> None:
        super().__init__("replayed")
        self.result = result


def idempotent(verb: Verb[Owner, Arguments, Result]) -> Verb[Owner, Arguments, Result]:
    """A verb that gives back `self.work.result(...)`: with the same key again, it answers the first result."""

    @wraps(verb)
    async def once(owner: Owner, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return await verb(owner, *args, **kwargs)
        except Replayed as replay:
            found: Result = msgspec.convert(replay.result, get_type_hints(verb)["return"])
            return found

    return once

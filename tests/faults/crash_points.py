"""A program that dies where it is told to: at the n-th point at which a piece of work waits, or goes on.

`python -m tests.faults.crash_points <app url> <relay url> <smtp url> [address of Stripe]` reads lines
`<what> <tenant> <envelope> <n>`, does each in a fork of itself which is killed (SIGKILL) at its n-th point, and answers
`killed`, or `ended` where it has fewer points.
`what`: `send` one letter, `secret` one with a code, `settle` what waits for the tenant and is done in batches, or
`work`, all that waits for it.
"""

import asyncio
import gc
import importlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar
from uuid import UUID

from domains.shared.vendors import TryLater
from tests.support.databases import TestDatabase
from tests.support.house import NO_KEYS
from tests.support.post_office import PostOffice, post_office
from tests.support.stripe_stand_in import keys_of
from tests.support.toy_provider import ToyParts
from workers.batched import Batched
from workers.leased import Leased

Subject = TypeVar("Subject")
Result = TypeVar("Result")
CODE = {"displayName": "Grace", "tenantName": "Harbor", "code": "123456"}


class Dying(Generic[Result]):
    """Awaits `doing`, and kills its own process at the n-th point: before it waits, or before it goes on."""

    def __init__(self, doing: Coroutine[Any, Any, Result], count: Callable[[], None]) -> None:
        self._doing = doing
        self._count = count

    def __await__(self) -> Generator[Any, Any, Result]:
        steps = self._doing.__await__()
        failure: BaseException | None = None
        while True:
            try:
                waited_for = steps.send(None) if failure is None else steps.throw(failure)
            except StopIteration as end:
                found: Result = end.value
                return found
            failure = None
            self._count()
            try:
                yield waited_for
            except BaseException as raised:  # noqa: BLE001 - handed on to what waits
                failure = raised
            self._count()


def counter(points: int, how: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """Counts the points, and sends the signal to its own process at the last of them."""
    left = points

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), how)

    return count


async def _do(database: TestDatabase, smtp_url: str, stripe: str | None, order: list[str]) -> None:
    what, tenant, envelope, points = order[0], UUID(order[1]), UUID(order[2]), int(order[3])
    count = counter(points)
    parts, keys = ((ToyParts(),), NO_KEYS) if stripe is None else ((), keys_of(stripe))
    async with post_office(database, smtp_url, *parts, stripe=keys) as office:
        try:
            if what in {"settle", "work"}:
                await _work(office, count, calls=what == "work")
            elif what == "send":
                await Dying(office.send(tenant, envelope), count)
            else:
                await Dying(office.send(tenant, envelope, "verification_code", **CODE), count)
        except TryLater:
            return


async def _work(office: PostOffice, count: Callable[[], None], *, calls: bool) -> None:
    """What is taken in batches dies anywhere in its batch, what `calls` others, one by one, anywhere in its handler."""
    for carrier in office.relay._carriers:
        if isinstance(carrier, Batched):
            carrier._take = _dying(carrier._take, count)  # type: ignore[method-assign, assignment]  # it is that method still
        elif isinstance(carrier, Leased) and calls:
            carrier._handlers = {kind: _dying(handler, count) for kind, handler in carrier._handlers.items()}
    await (office.work() if calls else office.relay._carriers[0].once())


def _dying(
    verb: Callable[[Subject], Coroutine[Any, Any, Result]] | Callable[[Subject], Awaitable[Result]],
    count: Callable[[], None],
) -> Callable[[Subject], Coroutine[Any, Any, Result]]:
    async def doing(subject: Subject) -> Result:
        return await verb(subject)

    async def dying(subject: Subject) -> Result:
        return await Dying(doing(subject), count)

    return dying


def main() -> None:
    app, relay, smtp_url, *more = sys.argv[1:]
    stripe = more[0] if more else None
    if stripe:
        importlib.import_module("infra.stripe.cards")
    database = TestDatabase(admin="", owner="", app=app, relay=relay)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(_do(database, smtp_url, stripe, line.split()))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}", flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()

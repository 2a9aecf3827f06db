"""Who looks on while envelopes are handled."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager

import structlog

from domains.shared.envelopes import Envelope
from workers.leased import Handler

Watch = Callable[[Envelope], AbstractContextManager[object]]
"""Entered before a handler runs and left after it, by the exception if it failed. It swallows none."""


def watched(handlers: Mapping[str, Handler], watches: Sequence[Watch]) -> dict[str, Handler]:
    """The same handlers, looked at by `watches`; what they log names their envelope."""
    return {kind: _watched(handler, watches) for kind, handler in handlers.items()}


@contextmanager
def looked_at(envelope: Envelope, watches: Sequence[Watch]) -> Iterator[None]:
    """What is done about `envelope` inside is looked at by `watches`; what is logged there names it."""
    with ExitStack() as looking:
        for watch in (_named, *watches):
            looking.enter_context(watch(envelope))
        yield


def _watched(handler: Handler, watches: Sequence[Watch]) -> Handler:
    async def handle(envelope: Envelope) -> None:
        with looked_at(envelope, watches):
            await handler(envelope)

    return handle


def _named(envelope: Envelope) -> AbstractContextManager[object]:
    return structlog.contextvars.bound_contextvars(
        tenant_id=str(envelope.tenant), envelope_id=str(envelope.id), kind=envelope.kind
    )

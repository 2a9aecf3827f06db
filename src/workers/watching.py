"""Who looks on while envelopes are handled."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack

import structlog

from domains.shared.envelopes import Envelope
from workers.relay import Handler

Watch = Callable[[Envelope], AbstractContextManager[object]]
"""Entered before a handler runs and left after it, by the exception if it failed. It swallows none."""


def watched(handlers: Mapping[str, Handler], watches: Sequence[Watch]) -> dict[str, Handler]:
    """The same handlers, looked at by `watches`; what they log names their envelope."""
    return {kind: _watched(handler, [_named, *watches]) for kind, handler in handlers.items()}


def _watched(handler: Handler, watches: Sequence[Watch]) -> Handler:
    async def handle(envelope: Envelope) -> None:
        with ExitStack() as looking:
            for watch in watches:
                looking.enter_context(watch(envelope))
            await handler(envelope)

    return handle


def _named(envelope: Envelope) -> AbstractContextManager[object]:
    return structlog.contextvars.bound_contextvars(
        tenant_id=str(envelope.tenant), envelope_id=str(envelope.id), kind=envelope.kind
    )

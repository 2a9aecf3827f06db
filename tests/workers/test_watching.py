"""Handlers are looked at, not changed: what they raise goes on, what they log names their envelope."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from domains.shared.envelopes import Envelope
from domains.shared.ids import new_id
from tests.support.work import CLOCK
from workers.watching import watched

ENVELOPE = Envelope(new_id(), new_id(), "a.kind", new_id(), CLOCK.now(), 1)


async def test_those_who_watch_see_the_failure_and_the_relay_does_too() -> None:
    seen: list[str] = []

    @contextmanager
    def watch(envelope: Envelope) -> Iterator[None]:
        seen.append(f"began {envelope.kind}")
        try:
            yield
        except ZeroDivisionError:
            seen.append("failed")
            raise

    async def handler(envelope: Envelope) -> None:
        seen.append("at work")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await watched({"a.kind": handler}, [watch])["a.kind"](ENVELOPE)
    assert seen == ["began a.kind", "at work", "failed"]


async def test_what_a_handler_logs_names_its_envelope() -> None:
    bound: list[dict[str, object]] = []

    async def handler(envelope: Envelope) -> None:
        bound.append(structlog.contextvars.get_contextvars())

    await watched({"a.kind": handler}, [])["a.kind"](ENVELOPE)
    assert bound == [{"tenant_id": str(ENVELOPE.tenant), "envelope_id": str(ENVELOPE.id), "kind": "a.kind"}]
    assert "event_id" not in structlog.contextvars.get_contextvars()

"""What is recorded as a span: envelopes and transactions. Where spans go is the `SpanSource`'s."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from opentelemetry.trace import SpanKind, StatusCode, Tracer

from domains.shared.envelopes import Envelope
from infra.postgres.watching import DatabaseWatch, Outcome


class SpanSource(Protocol):
    """OpenTelemetry's provider of tracers, which sends what they record."""

    def get_tracer(
        self, instrumenting_module_name: str, instrumenting_library_version: str | None = None
    ) -> Tracer: ...

    def shutdown(self) -> None: ...


class Traces:
    """Records requests and envelopes, whole. Names and attributes are words of the code, and ids."""

    def __init__(self, spans: SpanSource, *, version: str) -> None:
        self._spans = spans
        self.tracer: Tracer = spans.get_tracer("frontdesk", version)

    @contextmanager
    def around(self, envelope: Envelope) -> Iterator[None]:
        """Record what is done about an envelope."""
        with self.tracer.start_as_current_span(
            f"envelope {envelope.kind}",
            kind=SpanKind.CONSUMER,
            attributes={"frontdesk.envelope_id": str(envelope.id), "frontdesk.attempts": envelope.attempts},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    def close(self) -> None:
        """Send what waits. Blocks for some seconds where the collector does not answer."""
        self._spans.shutdown()


class TracedTransactions(DatabaseWatch):
    """A span for each transaction, under the request or envelope that it belongs to."""

    def __init__(self, traces: Traces) -> None:
        self._tracer = traces.tracer

    def ended(self, outcome: Outcome, seconds: float) -> None:
        now = time.time_ns()
        began = now - int(seconds * 1_000_000_000)
        attributes = {"db.system.name": "postgresql", "frontdesk.outcome": outcome.value}
        span = self._tracer.start_span("transaction", start_time=began, attributes=attributes)
        if outcome is Outcome.COMMIT_FAILED:
            span.set_status(StatusCode.ERROR)
        span.end(now)

"""Spans, sent to an OpenTelemetry collector by OTLP over HTTP, in batches, by a thread."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, StatusCode, Tracer

from domains.shared.envelopes import Envelope
from infra.postgres.watching import DatabaseWatch, Outcome

_TIMEOUT_SECONDS = 5


class Traces:
    """Records `percent` of all requests and envelopes, whole. Names and attributes are words of the code, and ids."""

    def __init__(self, endpoint: str, *, role: str, version: str, percent: int) -> None:
        resource = Resource({"service.name": f"frontdesk-{role}", "service.version": version})
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(percent / 100)),
            resource=resource,
            shutdown_on_exit=False,
            span_limits=SpanLimits(max_span_attributes=20, max_attribute_length=200),
        )
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_TIMEOUT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer: Tracer = self._provider.get_tracer("frontdesk", version)

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
        self._provider.shutdown()


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

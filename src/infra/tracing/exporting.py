"""Spans, sent to an OpenTelemetry collector by OTLP over HTTP, in batches, by a thread."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

_TIMEOUT_SECONDS = 5


def exported_spans(endpoint: str, *, role: str, version: str, percent: int) -> TracerProvider:
    """Keeps `percent` of all traces, each whole."""
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(percent / 100)),
        resource=Resource({"service.name": f"frontdesk-{role}", "service.version": version}),
        shutdown_on_exit=False,
        span_limits=SpanLimits(max_span_attributes=20, max_attribute_length=200),
    )
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_TIMEOUT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider

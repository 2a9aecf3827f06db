"""Traces reach a collector over OTLP/HTTP: a span a request, one a transaction inside, and no text of people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from domains.shared.envelopes import Envelope
from domains.shared.ids import new_id
from frontdesk.telemetry import Telemetry
from infra.metrics.instruments import Instruments
from infra.tracing.exporting import exported_spans
from infra.tracing.traces import Traces
from tests.support.databases import TestDatabase
from tests.support.house import house_over
from tests.support.listening import Listener, listener
from tests.support.people import new_tenant
from tests.support.work import CLOCK


@pytest.fixture
def collector() -> Iterator[Listener]:
    with listener() as listening:
        yield listening


def traces_to(collector: Listener, percent: int = 100) -> Traces:
    return Traces(exported_spans(collector.url, role="test", version="1.2.3", percent=percent), version="1.2.3")


def spans_at(collector: Listener) -> list[Span]:
    found = []
    for told in collector.told:
        assert (told.path, told.headers["content-type"]) == ("/v1/traces", "application/x-protobuf")
        request = ExportTraceServiceRequest.FromString(told.body)
        found += [span for part in request.resource_spans for scope in part.scope_spans for span in scope.spans]
    return found


def attributes(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}


async def test_a_request_is_a_span_and_its_transactions_are_below(
    collector: Listener, database: TestDatabase, tmp_path: Path
) -> None:
    traces = traces_to(collector)
    telemetry = Telemetry(Instruments(role="test", version="1"), traces=traces)
    async with house_over(database, tmp_path, telemetry=telemetry) as house:
        person = (await new_tenant(house)).owner
        async with house.client(person.token) as client:
            answer = await client.post("/customers", json={"name": "Grace Hopper"})
            await client.get(
                "/customers/not-an-id?search=Hopper", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
            )
    traces.close()
    spans = spans_at(collector)
    requests = {span.name: span for span in spans if span.kind == Span.SPAN_KIND_SERVER}
    assert set(requests) == {"POST /api/v1/customers", "GET /api/v1/customers/{customer_id}"}
    made = requests["POST /api/v1/customers"]
    assert attributes(made) == {
        "http.request.method": "POST",
        "http.route": "/api/v1/customers",
        "http.response.status_code": "201",
        "frontdesk.request_id": answer.headers["x-request-id"],
    }
    below = [span for span in spans if span.parent_span_id == made.span_id]
    assert [(span.name, attributes(span)["frontdesk.outcome"]) for span in below] == [("transaction", "committed")]
    assert made.start_time_unix_nano <= below[0].start_time_unix_nano <= below[0].end_time_unix_nano
    assert below[0].end_time_unix_nano <= made.end_time_unix_nano
    assert all(span.trace_id.hex() != "a" * 32 for span in spans)
    assert all(b"Hopper" not in told.body and person.token.encode() not in told.body for told in collector.told)


async def test_what_follows_a_commit_is_a_span_too(collector: Listener) -> None:
    traces = traces_to(collector)
    envelope = Envelope(new_id(), new_id(), "identity.mail_code", new_id(), CLOCK.now(), 3)
    with pytest.raises(ValueError, match="secret"), traces.around(envelope):
        raise ValueError("a secret")
    traces.close()
    [span] = spans_at(collector)
    assert (span.name, span.status.code, span.status.message) == (
        "envelope identity.mail_code",
        Status.STATUS_CODE_ERROR,
        "ValueError",
    )
    assert attributes(span) == {"frontdesk.envelope_id": str(envelope.id), "frontdesk.attempts": "3"}
    assert len(span.events) == 0


def test_of_all_requests_a_share_is_recorded(collector: Listener) -> None:
    traces = traces_to(collector, percent=10)
    for _ in range(1000):
        with traces.tracer.start_as_current_span("request"), traces.tracer.start_as_current_span("transaction"):
            pass
    traces.close()
    spans = spans_at(collector)
    requests = [span for span in spans if span.name == "request"]
    assert 50 < len(requests) < 160
    assert {span.parent_span_id for span in spans if span.name == "transaction"} == {span.span_id for span in requests}


async def test_a_failed_answer_is_marked(collector: Listener, tmp_path: Path, database: TestDatabase) -> None:
    traces = traces_to(collector)
    telemetry = Telemetry(Instruments(role="test", version="1"), traces=traces)
    away = TestDatabase("", "", "postgresql://nobody@127.0.0.1:1/none", database.relay)
    async with house_over(away, tmp_path, telemetry=telemetry) as house, house.client() as client:
        refused = await client.post("/auth/login", json={"email": "a@example.com", "password": "a long password"})
    traces.close()
    assert refused.status_code == 503
    [span] = spans_at(collector)
    assert (attributes(span)["http.response.status_code"], span.status.code) == ("503", Status.STATUS_CODE_ERROR)

"""A span for each request (OpenTelemetry), by route, method and status; the request id leads from it to the logs.

What a caller says of its own trace is not believed: a stranger could have everything recorded.
"""

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, format_trace_id

from api.access_log import method_of, route_of
from api.layers import Layer
from api.request_id import request_id_of

_FAILED = 500


class Tracing(Layer):
    """Records what the access log says, and no more: no exception's text, which may quote what people wrote."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        with self._tracer.start_as_current_span(
            "request", Context(), SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:

            async def send_and_see(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _answered(span, message["status"])
                await send(message)

            with structlog.contextvars.bound_contextvars(trace_id=format_trace_id(span.get_span_context().trace_id)):
                try:
                    await next_app(scope, receive, send_and_see)
                finally:
                    _describe(span, scope)


def _answered(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= _FAILED:
        span.set_status(StatusCode.ERROR)


def _describe(span: Span, scope: Scope) -> None:
    method, route = method_of(scope), route_of(scope)
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {"http.request.method": method, "http.route": route, "frontdesk.request_id": request_id_of(scope)}
    )

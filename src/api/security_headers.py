"""What every answer tells a browser: trust nothing, keep nothing, show it nowhere else."""

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.edge import EdgeSettings

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
_ONE_YEAR = "max-age=31536000; includeSubDomains"


class SecurityHeaders(ASGIMiddleware):
    """Adds them where an answer has none of its own. `Strict-Transport-Security` is for production only."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, edge: EdgeSettings) -> None:
        self._defaults = {
            "Content-Security-Policy": API_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        }
        if edge.production:
            self._defaults["Strict-Transport-Security"] = _ONE_YEAR

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableScopeHeaders.from_message(message))
            await send(message)

        await next_app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableScopeHeaders) -> None:
        for name, value in self._defaults.items():
            headers.setdefault(name, value)
        kind = headers.get("content-type")
        if kind and "charset" not in kind and _is_text(kind):
            headers["content-type"] = f"{kind}; charset=utf-8"


def _is_text(kind: str) -> bool:
    return kind.startswith(("text/", "application/json", "application/javascript")) or "+json" in kind or "+xml" in kind

"""Two answers that must tell nothing apart."""

from urllib.parse import unquote

import httpx

OWN = {"x-request-id", "date"}
_PROBLEM = "application/problem+json"


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, less the request's id and time, and the address that its caller gave."""
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    body = answer.content.replace(answer.headers["x-request-id"].encode(), b"<id>")
    if answer.headers.get("content-type", "").startswith(_PROBLEM):
        body = without_address(answer, body.replace(answer.json()["timestamp"].encode(), b"<time>"))
        headers["content-length"] = str(len(body))
    return answer.status_code, headers, body


def without_address(answer: httpx.Response, body: bytes) -> bytes:
    """The body of a problem, less the address that was called: what else it tells is not its caller's own."""
    instance: str = answer.json()["instance"]
    called = unquote(answer.request.url.path)[:200]
    if unquote(instance).replace("/", "") != called.replace("/", ""):  # the router takes several slashes for one
        return body
    return body.replace(instance.encode(), b"<address>")

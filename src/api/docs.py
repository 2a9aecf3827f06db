"""`/docs` and `/openapi.json`, at the root and under the base path. The page asks nothing of any other host."""

import asyncio
import gzip
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.params import PathParameter
from litestar.types import ControllerRouterHandler

from api.edge import EdgeSettings
from api.openapi import openapi_document
from domains.shared.errors import NotFound

_STATIC = Path(__file__).parent / "static"
_VENDORED = _STATIC / "swagger-ui"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'"
)
_ASSETS = {
    "swagger-ui-bundle.js": (_VENDORED, "text/javascript"),
    "swagger-ui.css": (_VENDORED, "text/css"),
    "favicon.png": (_VENDORED, "image/png"),
    "start.js": (_STATIC, "text/javascript"),
}
_ONE_HOUR = "public, max-age=3600"
_OPEN = {"public": True, "unlimited": True}

AssetName = Annotated[str, PathParameter()]


class _Content(msgspec.Struct, frozen=True):
    """What is sent to many, packed once. It holds no secret, so its packed length tells nothing."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, plain: bytes) -> Self:
        return cls(plain, gzip.compress(plain, mtime=0))

    def answer(self, request: Request[Any, Any, Any], kind: str, **headers: str) -> Response[bytes]:
        """As the client takes it: gzip, unless it wants none, or that would be longer."""
        encodings = request.headers.get("accept-encoding", "").replace(" ", "").lower().split(",")
        headers["Vary"] = "Accept-Encoding"
        if "gzip" not in encodings or len(self.packed) >= len(self.plain):
            return Response(self.plain, media_type=kind, headers=headers)
        return Response(self.packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})


def docs_routes(edge: EdgeSettings) -> tuple[ControllerRouterHandler, ...]:
    """The handlers. The document is made once, at the first request for it, while others are answered."""
    made: list[_Content] = []
    making = asyncio.Lock()

    @get(["/openapi.json", "/api/v1/openapi.json"], opt=_OPEN, include_in_schema=False)
    async def get_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        async with making:
            if not made:
                made.append(await asyncio.to_thread(_document, request.app, edge))
        return made[0].answer(request, "application/json")

    return (get_openapi, get_docs, get_docs_asset)


def _document(app: Litestar, edge: EdgeSettings) -> _Content:
    return _Content.of(msgspec.json.encode(openapi_document(app, edge)))


@get(["/docs", "/api/v1/docs"], opt=_OPEN, include_in_schema=False)
async def get_docs() -> Response[bytes]:
    page = (_STATIC / "docs.html").read_bytes()
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": _PAGE_POLICY})


@get("/docs/{asset_name:str}", opt=_OPEN, include_in_schema=False)
async def get_docs_asset(request: Request[Any, Any, Any], asset_name: AssetName) -> Response[bytes]:
    """One of a closed list: no path from outside reaches the disk."""
    if asset_name not in _ASSETS:
        raise NotFound.one("file")
    _, kind = _ASSETS[asset_name]
    return _asset(asset_name).answer(request, kind, **{"Cache-Control": _ONE_HOUR})


@cache
def _asset(name: str) -> _Content:
    folder, _ = _ASSETS[name]
    return _Content.of((folder / name).read_bytes())

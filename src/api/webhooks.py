"""Webhooks of providers: the raw body goes to the inbox, and is answered once it is stored.

A handler is a path and a provider (`opt=WEBHOOK`, `status_code=200`):

    @post("/webhooks/stripe/{tenant_id:str}", tags=["Webhooks"], opt=WEBHOOK, status_code=200)
    async def receive_stripe_event(request: AnyRequest, tenant_id: RouteKey, receiving: FromDishka[Receiving]) -> None:
        await receiving.receive(await incoming(request, provider="stripe", key=tenant_id))
"""

from types import MappingProxyType
from typing import Annotated, Any

from litestar import Request
from litestar.params import PathParameter
from msgspec import Meta

from api.media_types import JSON, UnsupportedBody
from domains.inbox import Incoming

WEBHOOK = MappingProxyType({"public": True, "failures_only": True})
RouteKey = Annotated[str, PathParameter(), Meta(min_length=1, max_length=100)]


async def incoming(request: Request[Any, Any, Any], *, provider: str, key: str, media_type: str = JSON) -> Incoming:
    """The request as it came, its body read up to the limit of all. 415 where it is packed, or of another type.

    A header that is given twice is left out: it proves nothing.
    """
    given = request.headers
    kind = given.get("content-type", "").partition(";")[0].strip().lower()
    if kind != media_type or "content-encoding" in given:
        raise UnsupportedBody(media_type)
    headers = {name.lower(): value for name, value in given.items() if len(given.getall(name)) == 1}
    return Incoming(provider=provider, key=key, headers=headers, body=await request.body())

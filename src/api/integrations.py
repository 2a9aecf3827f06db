"""Connections to vendors over HTTP: each provider has addresses and a body of its own."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, post, put
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from domains.shared.limits import LimitName
from domains.tenants import (
    Connect,
    ConnectAi,
    ConnectGoogle,
    Connecting,
    Connections,
    ConnectSmtp,
    ConnectStripe,
    ConnectTranslation,
    ConnectTwilio,
    ConnectVapi,
    IntegrationView,
    Provider,
    Showing,
)

_AT = "/tenants/me/integrations"
_TAGS = ["Integrations"]
_TRIAL = {"limit": LimitName.INTEGRATION_TEST}


@get(_AT, tags=_TAGS, description=Showing.every.__doc__)
async def list_integrations(showing: FromDishka[Showing]) -> Connections:
    return Connections(items=[IntegrationView.of(each) for each in await showing.every()])


async def _connected(connecting: Connecting, order: Connect, if_match: str | None) -> Response[IntegrationView]:
    return tagged(IntegrationView.of(await connecting.connect(order, expected=expected_versions(if_match))))


@put(f"{_AT}/ai", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_ai(
    data: JSONBody[ConnectAi], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


@put(f"{_AT}/google", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_google(
    data: JSONBody[ConnectGoogle], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


@put(f"{_AT}/smtp", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_smtp(
    data: JSONBody[ConnectSmtp], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


@put(f"{_AT}/stripe", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_stripe(
    data: JSONBody[ConnectStripe], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


@put(f"{_AT}/translation", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_translation(
    data: JSONBody[ConnectTranslation], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


@put(f"{_AT}/twilio", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_twilio(
    data: JSONBody[ConnectTwilio], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


@put(f"{_AT}/vapi", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_vapi(
    data: JSONBody[ConnectVapi], connecting: FromDishka[Connecting], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await _connected(connecting, data, if_match)


def _routes_of(provider: Provider) -> Sequence[ControllerRouterHandler]:
    """Showing, trying out and removing are alike for all providers."""
    at, name = f"{_AT}/{provider.value}", provider.value

    async def show(showing: FromDishka[Showing]) -> Response[IntegrationView]:
        found = IntegrationView.of(await showing.one(provider))
        return tagged(found) if found.version else Response(found)

    async def check(connecting: FromDishka[Connecting]) -> IntegrationView:
        return IntegrationView.of(await connecting.check(provider))

    async def disconnect(connecting: FromDishka[Connecting], if_match: IfMatch = None) -> None:
        await connecting.disconnect(provider, expected=expected_versions(if_match))

    show.__name__, check.__name__, disconnect.__name__ = f"get_{name}", f"test_{name}", f"disconnect_{name}"
    return (
        get(at, tags=_TAGS, description=Showing.one.__doc__)(show),
        post(f"{at}/test", tags=_TAGS, opt=_TRIAL, status_code=200, description=Connecting.check.__doc__)(check),
        delete(at, tags=_TAGS, description=Connecting.disconnect.__doc__)(disconnect),
    )


INTEGRATION_ROUTES: Sequence[ControllerRouterHandler] = (
    list_integrations,
    connect_ai,
    connect_google,
    connect_smtp,
    connect_stripe,
    connect_translation,
    connect_twilio,
    connect_vapi,
    *(route for provider in Provider for route in _routes_of(provider)),
)

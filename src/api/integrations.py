"""Connections to vendors over HTTP: each provider has addresses and a body of its own."""

from collections.abc import Sequence
from types import MappingProxyType

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, post, put
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.calendar_feed import PublicUrl
from api.etag import IfMatch, expected_versions, tagged
from domains.shared.actor import Actor
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
    TenantIntegration,
)

_AT = "/tenants/me/integrations"
_TAGS = ["Integrations"]
_TRIAL = {"limit": LimitName.INTEGRATION_TEST}
_WEBHOOKS = MappingProxyType({Provider.STRIPE: "/api/v1/webhooks/stripe"})


class IntegrationViews:
    """Shows connections of the actor's business, with the addresses at which it hears of its vendors."""

    def __init__(self, public: PublicUrl, actor: Actor) -> None:
        self._public = public
        self._actor = actor

    def of(self, integration: TenantIntegration) -> IntegrationView:
        path = _WEBHOOKS.get(integration.provider)
        url = f"{self._public.root}{path}/{self._actor.tenant}" if path else None
        return IntegrationView.of(integration, webhook_url=url)


@get(_AT, tags=_TAGS, description=Showing.every.__doc__)
async def list_integrations(showing: FromDishka[Showing], views: FromDishka[IntegrationViews]) -> Connections:
    return Connections(items=[views.of(each) for each in await showing.every()])


class Connected:
    """Connects, and shows what came of it."""

    def __init__(self, connecting: Connecting, views: IntegrationViews) -> None:
        self._connecting = connecting
        self._views = views

    async def by(self, order: Connect, if_match: str | None) -> Response[IntegrationView]:
        return tagged(self._views.of(await self._connecting.connect(order, expected=expected_versions(if_match))))


@put(f"{_AT}/ai", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_ai(
    data: JSONBody[ConnectAi], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


@put(f"{_AT}/google", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_google(
    data: JSONBody[ConnectGoogle], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


@put(f"{_AT}/smtp", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_smtp(
    data: JSONBody[ConnectSmtp], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


@put(f"{_AT}/stripe", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_stripe(
    data: JSONBody[ConnectStripe], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


@put(f"{_AT}/translation", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_translation(
    data: JSONBody[ConnectTranslation], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


@put(f"{_AT}/twilio", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_twilio(
    data: JSONBody[ConnectTwilio], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


@put(f"{_AT}/vapi", tags=_TAGS, description=Connecting.connect.__doc__)
async def connect_vapi(
    data: JSONBody[ConnectVapi], connected: FromDishka[Connected], if_match: IfMatch = None
) -> Response[IntegrationView]:
    return await connected.by(data, if_match)


def _routes_of(provider: Provider) -> Sequence[ControllerRouterHandler]:
    """Showing, trying out and removing are alike for all providers."""
    at, name = f"{_AT}/{provider.value}", provider.value

    async def show(showing: FromDishka[Showing], views: FromDishka[IntegrationViews]) -> Response[IntegrationView]:
        found = views.of(await showing.one(provider))
        return tagged(found) if found.version else Response(found)

    async def check(connecting: FromDishka[Connecting], views: FromDishka[IntegrationViews]) -> IntegrationView:
        return views.of(await connecting.check(provider))

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

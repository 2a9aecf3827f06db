"""What Stripe sends: at the platform's addresses, and at those of each business. Not in the OpenAPI document.

Its form is Stripe's, and nobody else may call here.
"""

from collections.abc import Sequence
from typing import Any

from dishka.integrations.litestar import FromDishka
from litestar import Request, post
from litestar.types import ControllerRouterHandler

from api.parameters import Id
from api.webhooks import WEBHOOK, incoming
from domains.payments import PROVIDER, Hearing


@post("/payments/webhook", opt=WEBHOOK, status_code=200, include_in_schema=False)
async def receive_payment_event(request: Request[Any, Any, Any], hearing: FromDishka[Hearing]) -> None:
    await hearing.from_platform(await incoming(request, provider=PROVIDER, key=PROVIDER))


@post("/payments/webhook/{tenant_id:str}", opt=WEBHOOK, status_code=200, include_in_schema=False)
async def receive_payment_event_of_tenant(
    tenant_id: Id, request: Request[Any, Any, Any], hearing: FromDishka[Hearing]
) -> None:
    await hearing.from_business(tenant_id, await incoming(request, provider=PROVIDER, key=PROVIDER))


@post("/webhooks/stripe", opt=WEBHOOK, status_code=200, include_in_schema=False)
async def receive_stripe_event(request: Request[Any, Any, Any], hearing: FromDishka[Hearing]) -> None:
    await hearing.from_platform(await incoming(request, provider=PROVIDER, key=PROVIDER))


@post("/webhooks/stripe/{tenant_id:str}", opt=WEBHOOK, status_code=200, include_in_schema=False)
async def receive_stripe_event_of_tenant(
    tenant_id: Id, request: Request[Any, Any, Any], hearing: FromDishka[Hearing]
) -> None:
    await hearing.from_business(tenant_id, await incoming(request, provider=PROVIDER, key=PROVIDER))


STRIPE_WEBHOOK_ROUTES: Sequence[ControllerRouterHandler] = (
    receive_payment_event,
    receive_payment_event_of_tenant,
    receive_stripe_event,
    receive_stripe_event_of_tenant,
)

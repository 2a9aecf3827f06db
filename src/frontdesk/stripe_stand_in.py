"""Runs the stand-in for Stripe beside the product, with an account for the platform."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from frontdesk.keys import key_for
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.sandbox.stripe import serve

_HERE = "127.0.0.1"
_EVERY_ADDRESS = {"0.0.0.0": _HERE, "::": "[::1]"}  # noqa: S104 - recognised, not bound


def environment_of(secret: str, *, port: int) -> Mapping[str, str]:
    """What points the product at a stand-in on `port`. The keys follow from `secret`: they stay as long as it does."""
    made = {name: key_for(f"stripe {name}", secret).hex()[:32] for name in ("sk", "pk", "whsec")}
    return {
        "STRIPE_API_URL": f"http://{_HERE}:{port}",
        "STRIPE_SECRET_KEY": f"sk_test_{made['sk']}",
        "STRIPE_PUBLISHABLE_KEY": f"pk_test_{made['pk']}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{made['whsec']}",
    }


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raise `Refusal` unless STRIPE_API_URL is of this machine, and in production."""
    keys, address = settings.stripe, urlsplit(settings.stripe.address or "")
    if settings.is_production or address.hostname != _HERE or not address.port or not keys.secret_key:
        raise Refusal("The stand-in runs outside production only, with STRIPE_API_URL at http://127.0.0.1:<port>.")
    host = _EVERY_ADDRESS.get(settings.host, settings.host)
    account = {
        "secret_key": keys.secret_key,
        "publishable_key": keys.publishable_key or "",
        "url": f"http://{host}:{settings.port}/api/v1/webhooks/stripe",
        "webhook_secret": keys.webhook_secrets[0],
    }
    asyncio.run(serve(_folder(settings), port=address.port, account=account))


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "sandbox"

"""The platform's own account at Stripe, as the environment gives it."""

from frontdesk.variables import Variables
from infra.stripe.accounts import PlatformKeys


def stripe_keys_in(of: Variables) -> PlatformKeys:
    """Without both keys there is no such account: then businesses connect their own."""
    keys = PlatformKeys(
        secret_key=of.text("STRIPE_SECRET_KEY"),
        publishable_key=of.text("STRIPE_PUBLISHABLE_KEY"),
        webhook_secrets=of.secrets("STRIPE_WEBHOOK_SECRET", at_least=16),
        address=of.address("STRIPE_API_URL", schemes=("https", "http")),
    )
    given = {
        "STRIPE_SECRET_KEY": keys.secret_key,
        "STRIPE_PUBLISHABLE_KEY": keys.publishable_key,
        "STRIPE_WEBHOOK_SECRET": keys.webhook_secrets,
    }
    if any(given.values()):
        for name in (name for name, value in given.items() if not value):
            of.wrong(name, "must be set where the platform's own account at Stripe is")
    return keys

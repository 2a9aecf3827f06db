"""What is refused of Stripe's events although it is signed, to be counted."""

from domains.payments import PROVIDER, Suspicion
from infra.metrics.webhooks import WebhookMeter


class StripeWatch:
    """The `EventWatch`."""

    def __init__(self, meter: WebhookMeter) -> None:
        self._meter = meter

    def refused(self, suspicion: Suspicion) -> None:
        self._meter.refused(PROVIDER, suspicion.value, is_foreign=suspicion.is_foreign)

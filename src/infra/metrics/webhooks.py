"""Webhooks that come in, and are refused although they are signed."""

from prometheus_client import CollectorRegistry, Counter

from infra.metrics.lately import Lately

_REASONS = ("another_business", "another_mode")


class WebhookMeter:
    """Counts by provider and reason (`another_business`, `another_mode`), and remembers those of another business."""

    def __init__(self, registry: CollectorRegistry, *, providers: tuple[str, ...] = ("stripe",)) -> None:
        self._foreign = Lately()
        self._refused = Counter(
            "frontdesk_signed_webhooks_refused",
            "Webhooks that were signed and refused, by provider and reason (another_business, another_mode).",
            ("provider", "reason"),
            registry=registry,
        )
        for provider in providers:
            for reason in _REASONS:
                self._refused.labels(provider, reason)

    def refused(self, provider: str, reason: str, *, is_foreign: bool) -> None:
        """Count one. `is_foreign`: it names what is another business's."""
        self._refused.labels(provider, reason).inc()
        if is_foreign:
            self._foreign.add()

    def foreign(self, *, within: float) -> int:
        """How many named another business's in the last `within` seconds."""
        return self._foreign.count(within=within)

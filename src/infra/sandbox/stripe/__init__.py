"""A stand-in for Stripe: its HTTP API as its SDK speaks it, books of its own, and webhooks that are really signed."""

from infra.sandbox.stripe.serving import StandIn, serve

__all__ = ["StandIn", "serve"]

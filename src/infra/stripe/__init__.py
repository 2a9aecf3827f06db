"""Stripe, by its own SDK."""

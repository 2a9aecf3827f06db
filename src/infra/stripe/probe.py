"""Trying out a business's own account at Stripe."""

import asyncio
from collections.abc import Callable
from types import MappingProxyType
from typing import Protocol

from domains.payments import Cards, ProviderAccount, ProviderError
from domains.shared.vendors import Refused, TryLater
from domains.tenants import Check, CheckStatus, TenantIntegration
from infra.stripe.accounts import account_of

_WORDS = MappingProxyType(
    {"AuthenticationError": "refused_login", "PermissionError": "not_permitted", "rate_limit": "no_answer"}
)


class OpenCards(Cards, Protocol):
    """Cards over a connection."""

    async def close(self) -> None: ...


class StripeProbe:
    """The `Probe`. `open_cards` may take a while; it is asked for each trial."""

    def __init__(self, open_cards: Callable[[], OpenCards]) -> None:
        self._open_cards = open_cards

    async def check(self, integration: TenantIntegration) -> Check:
        account = account_of(integration)
        if _mode(account.publishable_key) != _mode(account.secret_key):
            return Check(CheckStatus.FAILED, "keys_of_two_modes")
        if fault := await self._fault(account):
            return Check(CheckStatus.FAILED, fault)
        return Check(CheckStatus.WORKING, "answered" if account.signing_secrets else "no_webhook_secret")

    async def _fault(self, account: ProviderAccount) -> str | None:
        cards = await asyncio.to_thread(self._open_cards)
        try:
            await cards.reach(account)
        except (Refused, TryLater) as refusal:
            return _WORDS.get(refusal.reason, "refused")
        except ProviderError:
            return "no_answer"
        finally:
            await cards.close()
        return None


def _mode(key: str) -> str:
    return key.split("_")[1]

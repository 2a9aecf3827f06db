"""API keys: programs that act for the user who made them."""

from domains.api_keys.ended_keys import CLEAR_ENDED_KEYS, EndedKeys
from domains.api_keys.keys import (
    KEY_START,
    ApiKey,
    ApiKeyQueries,
    ApiKeys,
    ApiKeyView,
    CreateApiKey,
    KeyRing,
    KeyStatus,
    KeyUses,
    NewApiKey,
    digest_of,
    new_key,
)

__all__ = [
    "CLEAR_ENDED_KEYS",
    "KEY_START",
    "ApiKey",
    "ApiKeyQueries",
    "ApiKeyView",
    "ApiKeys",
    "CreateApiKey",
    "EndedKeys",
    "KeyRing",
    "KeyStatus",
    "KeyUses",
    "NewApiKey",
    "digest_of",
    "new_key",
]

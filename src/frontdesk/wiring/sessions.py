"""Sessions' and API keys' parts of a request."""

from dishka import Provider, Scope, provide

from domains.api_keys import ApiKeyQueries, ApiKeys, KeyRing
from domains.identity import Renewing, SessionBook, SessionKeeping, Switching
from infra.postgres.api_keys import PostgresApiKeyQueries, PostgresKeyRing
from infra.postgres.session_book import PostgresSessionBook


class SessionsParts(Provider):
    """What carries sessions on, and ends them; programs' keys."""

    scope = Scope.REQUEST

    book = provide(PostgresSessionBook, provides=SessionBook)
    key_ring = provide(PostgresKeyRing, provides=KeyRing)
    key_queries = provide(PostgresApiKeyQueries, provides=ApiKeyQueries)

    renewing = provide(Renewing)
    keeping = provide(SessionKeeping)
    switching = provide(Switching)
    api_keys = provide(ApiKeys)

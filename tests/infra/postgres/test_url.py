"""Addresses as operators write them."""

import pytest

from infra.postgres.url import asyncpg_url, driver_url, keeps_statements


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_is_for_asyncpg(scheme: str) -> None:
    assert (
        asyncpg_url(f"{scheme}://u:p@h:5/d").render_as_string(hide_password=False) == "postgresql+asyncpg://u:p@h:5/d"
    )


def test_statements_are_not_kept_where_the_address_says_so() -> None:
    url = "postgresql://h/d?statement_cache_size=0"
    assert (keeps_statements(url), driver_url(url), dict(asyncpg_url(url).query)) == (False, "postgresql://h/d", {})
    assert keeps_statements("postgres://h/d")


def test_sslmode_is_called_ssl() -> None:
    assert dict(asyncpg_url("postgresql://h/d?sslmode=require").query) == {"ssl": "require"}

"""Addresses as operators write them."""

import pytest

from infra.postgres.url import asyncpg_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_is_for_asyncpg(scheme: str) -> None:
    assert (
        asyncpg_url(f"{scheme}://u:p@h:5/d").render_as_string(hide_password=False) == "postgresql+asyncpg://u:p@h:5/d"
    )


def test_sslmode_is_called_ssl() -> None:
    assert dict(asyncpg_url("postgresql://h/d?sslmode=require").query) == {"ssl": "require"}

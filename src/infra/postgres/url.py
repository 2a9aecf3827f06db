"""Postgres addresses, as operators write them and as SQLAlchemy wants them."""

from sqlalchemy import URL, make_url


def asyncpg_url(url: str) -> URL:
    """`postgres://` or `postgresql://` with any driver, as an address for SQLAlchemy over asyncpg."""
    return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+asyncpg")

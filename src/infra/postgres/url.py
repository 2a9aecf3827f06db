"""Postgres addresses, as operators write them and as SQLAlchemy wants them."""

from sqlalchemy import URL, make_url


def asyncpg_url(url: str) -> URL:
    """`postgres://` or `postgresql://` with any driver, as an address for SQLAlchemy over asyncpg.

    `sslmode`, which managed servers put into their addresses, is called `ssl` there.
    """
    found = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+asyncpg")
    mode = found.query.get("sslmode")
    return found.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else found

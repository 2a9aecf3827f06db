"""Postgres addresses, as operators write them, and as SQLAlchemy and asyncpg want them."""

from sqlalchemy import URL, make_url

_CACHE = "statement_cache_size"


def asyncpg_url(url: str) -> URL:
    """`postgres://` or `postgresql://` with any driver, as an address for SQLAlchemy over asyncpg.

    `sslmode`, which managed servers put into their addresses, is called `ssl` there.
    """
    return _named(url, driver="postgresql+asyncpg", ssl="ssl", not_ssl="sslmode")


def driver_url(url: str) -> str:
    """The same for asyncpg by itself, which calls it `sslmode`."""
    found = _named(url, driver="postgresql", ssl="sslmode", not_ssl="ssl")
    return found.render_as_string(hide_password=False)


def keeps_statements(url: str) -> bool:
    """Whether connections keep what they have prepared: not with `statement_cache_size=0` in the address.

    PgBouncer before 1.21 needs that in transaction mode: a name that it was told is another server's.
    """
    return make_url(url).query.get(_CACHE) != "0"


def _named(url: str, *, driver: str, ssl: str, not_ssl: str) -> URL:
    found = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername=driver)
    found, mode = found.difference_update_query([_CACHE]), found.query.get(not_ssl)
    return found.difference_update_query([not_ssl]).update_query_dict({ssl: mode}) if mode else found

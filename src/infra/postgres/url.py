"""Postgres addresses, as operators write them and as SQLAlchemy wants them."""

from collections.abc import Callable

from sqlalchemy import URL, make_url

_CACHE = "statement_cache_size"


def asyncpg_url(url: str) -> URL:
    """`postgres://` or `postgresql://` with any driver, as an address for SQLAlchemy over asyncpg.

    `sslmode`, which managed servers put into their addresses, is called `ssl` there.
    """
    found = _read(url).set(drivername="postgresql+asyncpg").difference_update_query([_CACHE])
    mode = found.query.get("sslmode")
    return found.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else found


def statements_of(url: str) -> dict[str, int | Callable[[], str]]:
    """How a connection prepares its statements: `statement_cache_size=0` in the address has it name and keep none.

    PgBouncer before 1.21 needs that in transaction mode: a name that it was told is another server's.
    """
    if _read(url).query.get(_CACHE) != "0":
        return {}
    return {_CACHE: 0, "prepared_statement_cache_size": 0, "prepared_statement_name_func": str}


def _read(url: str) -> URL:
    return make_url(url.replace("postgres://", "postgresql://", 1))

"""By which release of tzdata the visits of an installation were reckoned."""

import asyncpg

_CONNECT_SECONDS = 5
_FOLLOWED = "select tzdata from work.zone_rules"


async def followed(owners_url: str) -> str:
    connection = await asyncpg.connect(owners_url, timeout=_CONNECT_SECONDS)
    try:
        return str(await connection.fetchval(_FOLLOWED))
    finally:
        await connection.close()

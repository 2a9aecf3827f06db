"""Second factors in the directory."""

from uuid import UUID

from domains.identity import SecondFactor
from infra.postgres.work import PostgresWork
from infra.totp import SharedSecrets

_START = "select directory.start_second_factor($1, $2)"
_OF = "select sealed, is_on from directory.second_factor($1)"
_CONFIRM = "select directory.confirm_second_factor($1, $2, $3)"
_USE_STEP = "select directory.use_step($1, $2)"
_USE_CODE = "select directory.use_recovery_code($1, $2)"
_REPLACE = "select directory.replace_recovery_codes($1, $2)"
_PAGE = """
    select account_id, secret from directory.second_factors where account_id > $1 order by account_id limit $2
    for no key update
"""
_LOCKED_ANEW = "update directory.second_factors set secret = $2 where account_id = $1"
_DROP = "select directory.drop_second_factor($1)"
_END_OTHERS = "select directory.end_sessions($1, $2, null)"


class PostgresSecondFactors:
    """The `SecondFactors` in the directory."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def start(self, account: UUID, sealed: bytes) -> bool:
        return await self._done(_START, account, sealed)

    async def of(self, account: UUID) -> SecondFactor | None:
        row = await self._work.connection.fetchrow(_OF, account)
        return SecondFactor(row["sealed"], row["is_on"]) if row and row["sealed"] else None

    async def confirm(self, account: UUID, *, session: UUID, step: int, codes: list[bytes]) -> bool:
        return await self._done(_CONFIRM, account, step, codes) and await self._alone(account, session)

    async def use_step(self, account: UUID, step: int) -> bool:
        return await self._done(_USE_STEP, account, step)

    async def use_recovery_code(self, account: UUID, digest: bytes) -> bool:
        return await self._done(_USE_CODE, account, digest)

    async def replace_recovery_codes(self, account: UUID, codes: list[bytes]) -> bool:
        return await self._done(_REPLACE, account, codes)

    async def drop(self, account: UUID, *, session: UUID | None) -> bool:
        return await self._done(_DROP, account) and await self._alone(account, session)

    async def _alone(self, account: UUID, session: UUID | None) -> bool:
        self._work.changes_access()
        await self._work.connection.execute(_END_OTHERS, account, session)
        return True

    async def _done(self, statement: str, *values: object) -> bool:
        return bool(await self._work.connection.fetchval(statement, *values))


class LockedFactors:
    """The secrets of all accounts, over the connection of who owns the database. No serving role may do this."""

    def __init__(self, work: PostgresWork, secrets: SharedSecrets) -> None:
        self._work = work
        self._secrets = secrets

    async def lock_anew(self, *, after: UUID, most: int) -> tuple[int, UUID | None]:
        """Lock the next ones with the newest key: how many needed it, and the last that was looked at, None at the end.

        Raises `Unreadable`.
        """
        rows = await self._work.connection.fetch(_PAGE, after, most)
        done = 0
        for row in rows:
            if locked := self._secrets.locked_anew(row["account_id"], row["secret"]):
                await self._work.connection.execute(_LOCKED_ANEW, row["account_id"], locked)
                done += 1
        return done, rows[-1]["account_id"] if rows else None

"""What is tried against an address, counted in the directory: in one place for all processes, and over restarts."""

import hashlib
import hmac
from uuid import UUID

import msgspec

from domains.shared.limits import UNLIMITED, Allowance, LimitName, RateLimits
from infra.postgres.work import PostgresWork

_COUNT = "select * from directory.count_attempt($1, $2, $3, $4)"
_COUNT_LOGIN = "select * from directory.count_login($1, $2, $3, $4)"
_NOTE_LOGIN = "select directory.note_login($1, $2)"


class Place(msgspec.Struct, frozen=True):
    """From where somebody calls: the text of a network."""

    network: str


class AttemptKeys(msgspec.Struct, frozen=True):
    """Makes of an address what it is counted under. Who reads the table learns no address from it."""

    secret: bytes

    def key(self, *parts: str) -> bytes:
        return hmac.digest(self.secret, "\0".join(parts).encode(), hashlib.sha256)


class PostgresAttempts:
    """The `Attempts` of one caller."""

    def __init__(self, work: PostgresWork, limits: RateLimits, keys: AttemptKeys, place: Place) -> None:
        self._work = work
        self._limits = limits
        self._keys = keys
        self._place = place

    async def login(self, email: str) -> Allowance:
        return await self._counted(LimitName.ACCOUNT_LOGIN, _COUNT_LOGIN, self._stranger(email), self._here(email))

    async def login_succeeded(self, email: str) -> None:
        if self._limits.windows(LimitName.ACCOUNT_LOGIN):
            await self._work.connection.execute(_NOTE_LOGIN, self._stranger(email), self._here(email))

    async def second_factor(self, account: UUID) -> Allowance:
        whose = f"second factor {account}"
        return await self._counted(LimitName.SECOND_FACTOR, _COUNT_LOGIN, self._stranger(whose), self._here(whose))

    async def second_factor_succeeded(self, account: UUID) -> None:
        whose = f"second factor {account}"
        if self._limits.windows(LimitName.SECOND_FACTOR):
            await self._work.connection.execute(_NOTE_LOGIN, self._stranger(whose), self._here(whose))

    async def code_guess(self, email: str) -> Allowance:
        return await self._counted(LimitName.CODE_GUESS, _COUNT, "code_guess", self._keys.key(email))

    async def code_mail(self, email: str) -> Allowance:
        return await self._counted(LimitName.CODE_MAIL, _COUNT, "code_mail", self._keys.key(email))

    async def invitation_mail(self, email: str) -> Allowance:
        return await self._counted(LimitName.CODE_MAIL, _COUNT, "invitation_mail", self._keys.key(email))

    async def visit_mail(self, email: str) -> Allowance:
        return await self._counted(LimitName.CODE_MAIL, _COUNT, "visit_mail", self._keys.key(email))

    async def _counted(self, name: LimitName, statement: str, *whose: str | bytes) -> Allowance:
        windows = self._limits.windows(name)
        if not windows:
            return UNLIMITED
        window = windows[0]
        [row] = await self._work.connection.fetch(statement, *whose, window.most, window.seconds)
        return Allowance.of(windows[:1], [row["used_up"]], [row["resets_in"]], granted=row["granted"])

    def _stranger(self, email: str) -> bytes:
        return self._keys.key(email)

    def _here(self, email: str) -> bytes:
        return self._keys.key(email, self._place.network)

"""Second factors in memory, and an authenticator whose codes are steps."""

from uuid import UUID

import msgspec

from domains.identity import Enrolment, SecondFactor
from tests.support.fakes import MemoryWork


class Kept(msgspec.Struct):
    """What is kept of an account's second factor."""

    sealed: bytes
    last_step: int | None = None
    codes: set[bytes] = msgspec.field(default_factory=set)


class PlainAuthenticator:
    """An `Authenticator` that seals nothing: `000123` is the code of step 123, and all steps are near."""

    def enrol(self, account: UUID, email: str) -> Enrolment:
        return Enrolment(account.bytes, f"secret of {email}", f"otpauth://{email}")

    def step(self, account: UUID, sealed: bytes, code: str) -> int | None:
        assert sealed == account.bytes
        return int(code) if len(code) == 6 and code.isdigit() else None


class MemorySecondFactors:
    """The `SecondFactors` of a directory. One is on when a step of it was used."""

    def __init__(self, work: MemoryWork) -> None:
        self._work = work

    async def start(self, account: UUID, sealed: bytes) -> bool:
        kept = self._kept.get(account)
        if kept is not None and kept.last_step is not None:
            return False
        self._kept[account] = Kept(sealed)
        return True

    async def of(self, account: UUID) -> SecondFactor | None:
        kept = self._kept.get(account)
        return SecondFactor(kept.sealed, kept.last_step is not None) if kept else None

    async def confirm(self, account: UUID, *, session: UUID, step: int, codes: list[bytes]) -> bool:
        kept = self._kept.get(account)
        if kept is None or kept.last_step is not None:
            return False
        kept.last_step, kept.codes = step, set(codes)
        return True

    async def use_step(self, account: UUID, step: int) -> bool:
        kept = self._kept.get(account)
        if kept is None or kept.last_step is None or kept.last_step >= step:
            return False
        kept.last_step = step
        return True

    async def use_recovery_code(self, account: UUID, digest: bytes) -> bool:
        kept = self._kept.get(account)
        if kept is None or digest not in kept.codes:
            return False
        kept.codes.remove(digest)
        return True

    async def replace_recovery_codes(self, account: UUID, codes: list[bytes]) -> bool:
        kept = self._kept.get(account)
        if kept is None or kept.last_step is None:
            return False
        kept.codes = set(codes)
        return True

    async def drop(self, account: UUID, *, session: UUID | None) -> bool:
        kept = self._kept.get(account)
        return kept is not None and kept.last_step is not None and self._kept.pop(account) is kept

    @property
    def _kept(self) -> dict[UUID, Kept]:
        return self._work.table("second_factors")

"""What second factors need from the world."""

from typing import Protocol
from uuid import UUID

import msgspec


class Enrolment(msgspec.Struct, frozen=True):
    """A new shared secret: for the database, sealed; for the person, as text and as what a QR code shows."""

    sealed: bytes
    secret: str
    uri: str


class SecondFactor(msgspec.Struct, frozen=True):
    """What an account signs in with beside its password. It counts once it is on."""

    sealed: bytes
    is_on: bool


class Authenticator(Protocol):
    """Codes by time (RFC 6238): six digits, steps of 30 seconds. The wall clock rules them."""

    def enrol(self, account: UUID, email: str) -> Enrolment: ...

    def step(self, account: UUID, sealed: bytes, code: str) -> int | None:
        """The step that the code is of: the present one, or one beside it. None where it is of none of them."""
        ...


class SecondFactors(Protocol):
    """The second factors of accounts. What is used up here is used up once, however many come at once."""

    async def start(self, account: UUID, sealed: bytes) -> bool:
        """Keep a secret that is not confirmed yet, in the place of another such. False where one is on already."""
        ...

    async def of(self, account: UUID) -> SecondFactor | None: ...

    async def confirm(self, account: UUID, *, session: UUID, step: int, codes: list[bytes]) -> bool:
        """Put it on, with its recovery codes, and end all sessions but this. False where none waits for that."""
        ...

    async def use_step(self, account: UUID, step: int) -> bool:
        """Use up a step, and all before it. False where it is used up already."""
        ...

    async def use_recovery_code(self, account: UUID, digest: bytes) -> bool: ...

    async def replace_recovery_codes(self, account: UUID, codes: list[bytes]) -> bool:
        """False where no second factor is on."""
        ...

    async def drop(self, account: UUID, *, session: UUID | None) -> bool:
        """Take it away, with its recovery codes, and end all sessions, but for this one. False where none is on."""
        ...

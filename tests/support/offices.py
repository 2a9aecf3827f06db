"""Identity's use cases over fakes."""

from domains.identity import Codes, Confirming, NewTenant, Registering, Sessions, SigningIn, VerificationLetters
from tests.support.fakes import MemoryWork, StillClock
from tests.support.fakes_identity import (
    KeptLetters,
    MemoryAccounts,
    MemoryMembers,
    MemoryRegistrations,
    PlainHasher,
    PlainTokens,
)


class FailingMembers(MemoryMembers):
    """Can be told to refuse a tenant."""

    refuses = False

    async def found(self, tenant: NewTenant) -> None:
        if self.refuses:
            raise LookupError(tenant.id)
        await super().found(tenant)


class Office:
    """All that a registration passes through, from the form to the token."""

    def __init__(self) -> None:
        self.work, self.clock = MemoryWork(), StillClock()
        self.hasher, self.letters, self.tokens = PlainHasher(), KeptLetters(), PlainTokens()
        self.members = FailingMembers(self.work)
        registrations, accounts, codes = MemoryRegistrations(self.work), MemoryAccounts(self.work), Codes(b"key")
        self.registering = Registering(registrations, self.hasher, self.clock, self.work)
        self.confirming = Confirming(registrations, self.members, codes, self.clock, self.work)
        self.verification_letters = VerificationLetters(registrations, self.letters, codes, self.clock, self.work)
        sessions = Sessions(accounts, self.members, self.tokens, self.work)
        self.signing_in = SigningIn(accounts, self.hasher, self.confirming, sessions, self.work)

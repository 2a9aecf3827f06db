"""Identity's use cases over fakes."""

from domains.identity import (
    CodeCheck,
    Codes,
    Confirming,
    NewTenant,
    PasswordCheck,
    RefreshTokens,
    Registering,
    Sessions,
    SessionTerms,
    SigningIn,
    VerificationLetters,
)
from domains.shared.limits import RateLimits
from tests.support.fakes import MemoryWork, StillClock
from tests.support.fakes_identity import (
    KeptLetters,
    MemoryAccounts,
    MemoryMembers,
    MemoryRegistrations,
    PlainHasher,
    PlainTokens,
)
from tests.support.fakes_limits import MemoryAttempts

UNLIMITED = RateLimits.off()


class FailingMembers(MemoryMembers):
    """Can be told to refuse a tenant."""

    refuses = False

    async def found(self, tenant: NewTenant) -> None:
        if self.refuses:
            raise LookupError(tenant.id)
        await super().found(tenant)


class Office:
    """All that a registration passes through, from the form to the token."""

    def __init__(self, limits: RateLimits = UNLIMITED) -> None:
        self.work, self.clock = MemoryWork(), StillClock()
        self.hasher, self.letters, self.tokens = PlainHasher(), KeptLetters(), PlainTokens()
        self.members = FailingMembers(self.work)
        registrations, accounts, codes = MemoryRegistrations(self.work), MemoryAccounts(self.work), Codes(b"key")
        attempts = MemoryAttempts(self.work, limits)
        code_check = CodeCheck(registrations, codes, attempts, self.clock, self.work)
        self.registering = Registering(registrations, self.hasher, attempts, self.clock, self.work)
        self.confirming = Confirming(code_check, registrations, self.members, self.clock, self.work)
        self.verification_letters = VerificationLetters(registrations, self.letters, codes, self.clock, self.work)
        refreshing = RefreshTokens(b"refresh", SessionTerms())
        sessions = Sessions(accounts, self.members, self.tokens, refreshing, self.work)
        password_check = PasswordCheck(accounts, self.hasher, attempts, self.work)
        self.signing_in = SigningIn(accounts, password_check, self.confirming, sessions, self.work)

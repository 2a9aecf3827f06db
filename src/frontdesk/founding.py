"""Founding a tenant on its operator's word: the same use cases as anybody's registration, its letter kept back."""

import secrets

import msgspec
from dishka import AsyncContainer

from domains.identity import Codes, Confirming, Register, Registering, Registrations, VerificationLetters, VerifyEmail
from domains.shared.clock import Clock
from domains.shared.contact import EmailAddress
from domains.shared.errors import DomainError, InvalidCode
from domains.shared.work import UnitOfWork
from frontdesk.operators import at_work, operators_desk
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings

_TRIES = 8


class Founded(msgspec.Struct, frozen=True):
    """The new tenant's slug, and the owner's first login."""

    slug: str
    email: str
    password: str


class KeptBack:
    """The `Letters` that keep their words in place of sending them."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    async def send(self, *, to: str, template: str, words: dict[str, str], language: str | None = None) -> None:
        self.words = {"to": to, "template": template, "language": language or "", **words}


async def founded(settings: Settings, *, name: str, email: str, owner: str) -> Founded:
    """Make it. Raise `Refusal` for a name or address that is none, and for an address that has an account."""
    async with operators_desk(settings) as desk:
        try:
            return await founded_at(desk, name=name, email=email, owner=owner)
        except DomainError as refusal:
            told = " ".join(f"{error.field}: {error.message}" for error in refusal.errors)
            raise Refusal(told or refusal.detail) from None


async def founded_at(desk: AsyncContainer, *, name: str, email: str, owner: str) -> Founded:
    """The same at a desk that is there already. Raises `DomainError`."""
    password = f"Aa1-{secrets.token_urlsafe(18)}"
    address = EmailAddress.parse(email, "email").value
    order = Register(tenant_name=name, email=address, password=password, display_name=owner, agree_to_terms=True)
    async with at_work(desk) as scope:
        await (await scope.get(Registering)).start(order)
    for _ in range(_TRIES):
        try:
            return Founded(await _confirmed(desk, address), address, password)
        except InvalidCode:
            continue
    raise InvalidCode("The address could not be confirmed. Try again.")


async def _confirmed(desk: AsyncContainer, email: str) -> str:
    """The slug. A running worker mails a code too, and the newest alone is good: then it is `InvalidCode`."""
    async with at_work(desk) as scope:
        registrations, work = await scope.get(Registrations), await scope.get(UnitOfWork)
        async with work:
            found = await registrations.latest(email)
        if found is None:
            raise InvalidCode("There is nothing to confirm.")
        kept = KeptBack()
        letters = VerificationLetters(registrations, kept, await scope.get(Codes), await scope.get(Clock), work)
        await letters.send(found[0])
        if "code" not in kept.words:
            raise Refusal(f"{email} has an account already: its person can found a further tenant.")
        return (await (await scope.get(Confirming)).confirm(VerifyEmail(email=email, code=kept.words["code"]))).slug

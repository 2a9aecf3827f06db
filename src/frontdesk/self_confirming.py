"""Confirming a registration that we made ourselves: the use cases are anybody's, the letter is kept back."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from dishka import AsyncContainer

from domains.identity import Admission, Codes, Confirming, Registrations, VerificationLetters, VerifyEmail
from domains.shared.clock import Clock
from domains.shared.errors import InvalidCode
from domains.shared.work import UnitOfWork
from frontdesk.refusal import Refusal

_TRIES = 8


class KeptLetters:
    """The `Letters` that keep their words in place of sending them."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    async def send(
        self,
        *,
        to: str,
        template: str,
        words: dict[str, str],
        language: str | None = None,
        calendar: str | None = None,  # noqa: ARG002 - the port's
    ) -> None:
        self.words = {"to": to, "template": template, "language": language or "", **words}


async def confirmed(scoped: Callable[[], AbstractAsyncContextManager[AsyncContainer]], email: str) -> Admission:
    """Confirm the newest registration of `email`; `scoped` opens the parts of one piece of work.

    A running worker mails a code too, and the newest alone is good: then it is tried again. Raise `Refusal` where
    that does not help, and for an address that has an account.
    """
    for _ in range(_TRIES):
        try:
            return await _once(scoped, email)
        except InvalidCode:
            continue
    raise Refusal(f"The address {email} could not be confirmed. Try again.")


async def _once(scoped: Callable[[], AbstractAsyncContextManager[AsyncContainer]], email: str) -> Admission:
    async with scoped() as scope:
        registrations, work = await scope.get(Registrations), await scope.get(UnitOfWork)
        async with work:
            found = await registrations.latest(email)
        if found is None:
            raise InvalidCode("There is nothing to confirm.")
        kept = KeptLetters()
        letters = VerificationLetters(registrations, kept, await scope.get(Codes), await scope.get(Clock), work)
        await letters.send(found[0])
        if "code" not in kept.words:
            raise Refusal(f"{email} has an account already: its person can found a further tenant.")
        return await (await scope.get(Confirming)).confirm(VerifyEmail(email=email, code=kept.words["code"]))

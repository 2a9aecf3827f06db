"""Setting up a second factor, and taking it away."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domains.credentials.errors import TextingDisabled
from domains.identity import (
    Authenticator,
    Codes,
    PasswordText,
    Reauthentication,
    RecoveryCodes,
    SecondCode,
    SecondFactors,
    TwoFactorChanged,
    digests,
    new_recovery_codes,
)
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.errors import Conflict
from domains.shared.fields import PhoneText
from domains.shared.permissions import Permission
from domains.shared.wire import Command, View
from domains.shared.work import UnitOfWork


class TwoFactorMethod(StrEnum):
    """`totp`: an authenticator app. `sms`: a text to the phone."""

    SMS = "sms"
    TOTP = "totp"


class EnableTwoFactor(Command, frozen=True):
    """`password` is that of the account: needed unless you have signed in lately. `phone` is for texts only."""

    method: TwoFactorMethod
    password: PasswordText | None = None
    phone: PhoneText | None = None


class ConfirmTwoFactor(Command, frozen=True):
    """The first code that the app shows."""

    code: SecondCode


class ProveAgain(Command, frozen=True):
    """The password, and a code by time or a recovery code."""

    password: PasswordText
    code: SecondCode


class TwoFactorEnrolment(View, frozen=True):
    """What the authenticator app needs: the secret in base32, and the same as a URI, for a QR code."""

    method: TwoFactorMethod
    secret: Annotated[str, Meta(max_length=64, examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])]
    otpauth_uri: Annotated[
        str, Meta(max_length=1000, examples=["otpauth://totp/Frontdesk:ada%40example.com?secret=JBSWY3DPEHPK3PXP"])
    ]


class SettingUpTwoFactor:
    """Gives people a second factor."""

    def __init__(
        self,
        actor: Actor,
        factors: SecondFactors,
        authenticator: Authenticator,
        codes: Codes,
        proof: Reauthentication,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.factors = factors
        self.authenticator = authenticator
        self.codes = codes
        self.proof = proof
        self.work = work

    async def enable(self, order: EnableTwoFactor) -> TwoFactorEnrolment:
        """Ask for a second factor; it is on only after the first right code (`/auth/2fa/confirm`).

        - The password is needed ten minutes after signing in, and in a tenant that was switched to; a wrong one is
          `invalid_credentials`, and counts as a failed login.
        - The secret is shown here and never again. Asking once more makes another one.
        - Where a second factor is on, it is `conflict`.
        - Texts are not offered yet: `feature_disabled`.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        if order.method is TwoFactorMethod.SMS:
            raise TextingDisabled("Codes by text are not offered yet. Use an authenticator app.")
        email = await self.proof.passed_lately(self.actor, password=order.password)
        made = self.authenticator.enrol(self.actor.account, email)
        async with self.work:
            if not await self.factors.start(self.actor.account, made.sealed):
                raise Conflict("A second factor is on already.")
            self.work.note(Note(action="two_factor.asked", subject=self.actor.user, facts={"method": "totp"}))
        return TwoFactorEnrolment(method=TwoFactorMethod.TOTP, secret=made.secret, otpauth_uri=made.uri)

    async def confirm(self, order: ConfirmTwoFactor) -> RecoveryCodes:
        """Put the second factor on with the first right code, and get ten recovery codes.

        - A wrong code is `invalid_code`; 30 of them a day are looked at.
        - The recovery codes are shown here and never again. All other sessions end. A letter tells the person.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        account = self.actor.account
        step = await self.proof.second.first_step(account, order.code)
        made = new_recovery_codes()
        async with self.work:
            if not await self.factors.confirm(
                account, session=self.actor.session, step=step, codes=digests(made, self.codes)
            ):
                raise Conflict("No second factor waits to be confirmed.")
            _tell(self.work, "two_factor.enabled", user=self.actor.user, account=account)
        return made


class KeepingTwoFactor:
    """Changes the second factor that people have."""

    def __init__(
        self, actor: Actor, factors: SecondFactors, codes: Codes, proof: Reauthentication, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.factors = factors
        self.codes = codes
        self.proof = proof
        self.work = work

    async def disable(self, order: ProveAgain) -> None:
        """Take the second factor away, with its recovery codes.

        - The password and a code are needed; a wrong one is `invalid_credentials` or `invalid_code`, and counts. The
          code is used up only beside the right password.
        - Where none is on, it is `conflict`. All other sessions end. A letter tells the person.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        await self._must_be_on()
        await self.proof.passed(self.actor, password=order.password, code=order.code)
        async with self.work:
            if not await self.factors.drop(self.actor.account, session=self.actor.session):
                raise Conflict("No second factor is on.")
            _tell(self.work, "two_factor.disabled", user=self.actor.user, account=self.actor.account)

    async def renew_codes(self, order: ProveAgain) -> RecoveryCodes:
        """Get ten new recovery codes; the old ones are dead.

        - The password and a code are needed, as for taking it away.
        - Where no second factor is on, it is `conflict`. A letter tells the person.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        await self._must_be_on()
        await self.proof.passed(self.actor, password=order.password, code=order.code)
        made = new_recovery_codes()
        async with self.work:
            if not await self.factors.replace_recovery_codes(self.actor.account, digests(made, self.codes)):
                raise Conflict("No second factor is on.")
            _tell(self.work, "two_factor.codes_renewed", user=self.actor.user, account=self.actor.account)
        return made

    async def _must_be_on(self) -> None:
        """Without one, any code would pass."""
        async with self.work:
            factor = await self.factors.of(self.actor.account)
        if factor is None or not factor.is_on:
            raise Conflict("No second factor is on.")


def _tell(work: UnitOfWork, action: str, *, user: UUID, account: UUID) -> None:
    work.note(Note(action=action, subject=user, facts={"method": "totp"}))
    work.record(TwoFactorChanged(subject=account))

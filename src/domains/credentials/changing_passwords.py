"""Changing one's password."""

from domains.credentials.events import PasswordChanged
from domains.identity import WRONG_PRESENT_ONE, PasswordCheck, PasswordHasher, Passwords, PasswordText, must_be_strong
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.errors import InvalidCredentials, RateLimited, ValidationFailed
from domains.shared.permissions import Permission
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork


class ChangePassword(Command, frozen=True):
    """The present password, and the one that takes its place. `revokeApiKeys`: of all that the person has made."""

    current_password: PasswordText
    new_password: PasswordText
    revoke_api_keys: bool = False


class ChangingPasswords:
    """Gives people another password."""

    def __init__(
        self, actor: Actor, passwords: Passwords, check: PasswordCheck, hasher: PasswordHasher, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.passwords = passwords
        self.check = check
        self.hasher = hasher
        self.work = work

    async def change(self, order: ChangePassword) -> None:
        """Change one's own password.

        - The present one is needed; a wrong one is `invalid_credentials`, and counts as a failed login.
        - The new one has 8 to 128 characters, among them upper and lower case and a digit, and is not a common one.
        - All other sessions end, and so do resets that were asked for; with `revokeApiKeys`, the API keys that the
          person has made in any business too. A letter tells the person.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        email = await self._address()
        if order.new_password == order.current_password:
            raise ValidationFailed.of("newPassword", "unchanged", "Expected another password than the present one.")
        must_be_strong(order.new_password, "newPassword", about=[email.partition("@")[0]])
        present = await self._present(email, order.current_password)
        made = await self.hasher.hash(order.new_password)
        async with self.work:
            account = await self.passwords.change(
                self.actor.session, old=present, new=made, ends_keys=order.revoke_api_keys
            )
            if account is None:
                raise InvalidCredentials("The password was changed meanwhile.")
            self.work.note(Note(action="password.changed", subject=self.actor.user))
            self.work.record(PasswordChanged(subject=account))

    async def _address(self) -> str:
        async with self.work:
            email = await self.passwords.address(self.actor.session)
        if email is None:
            raise InvalidCredentials("The session has ended.")
        return email

    async def _present(self, email: str, password: str) -> str:
        """The hash that the password is right for."""
        try:
            return (await self.check.passed(email, password, refusal=WRONG_PRESENT_ONE)).password_hash
        except (InvalidCredentials, RateLimited):
            async with self.work:
                self.work.note(Note(action="password.change_refused", subject=self.actor.user))
            raise

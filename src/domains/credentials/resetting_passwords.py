"""Resetting a password that was forgotten, by a link that is mailed."""

from datetime import timedelta
from uuid import UUID

from domains.credentials.events import PasswordChanged, ResetWanted
from domains.identity import (
    Attempts,
    Letters,
    LinkToken,
    MailedLink,
    MailOnItsWay,
    PasswordHasher,
    Passwords,
    PasswordText,
    Recipients,
    ResetRequest,
    digest_of,
    must_be_strong,
    new_token,
    refused,
)
from domains.shared.audit import Note
from domains.shared.contact import EmailAddress
from domains.shared.errors import InvalidToken
from domains.shared.fields import EmailText
from domains.shared.ids import new_id
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork

MAIL_RESET = "identity.mail_reset"
RESET_LIFETIME = timedelta(hours=1)
_NOT_GOOD = "The link is unknown, used or too old. Ask for another one."


class ForgotPassword(Command, frozen=True):
    """The address of the account."""

    email: EmailText


class ResetPassword(Command, frozen=True):
    """The token from the mailed link, and the new password."""

    token: LinkToken
    new_password: PasswordText


class ResettingPasswords:
    """Lets people in again who forgot their password. Nothing here tells whether an address has an account."""

    def __init__(self, passwords: Passwords, hasher: PasswordHasher, attempts: Attempts, work: UnitOfWork) -> None:
        self.passwords = passwords
        self.hasher = hasher
        self.attempts = attempts
        self.work = work

    async def forgot(self, order: ForgotPassword) -> MailOnItsWay:
        """Mail a link that resets the password.

        - The link is good once, for an hour, and only the newest one is. Changing the password kills it.
        - An address without an account, or one that has had 5 letters within the hour, gets the same answer and no
          letter.
        """
        email = EmailAddress.parse(order.email, "email").value
        async with self.work.within(None):
            allowance = await self.attempts.code_mail(email)
            home = await self.passwords.home(email)
            self.work.note(Note(action="password_reset.asked", address=email))
        async with self.work.within(home.tenant if home else new_id()):
            if allowance.granted:
                self.work.record(ResetWanted(subject=home.account if home else new_id()))
        return MailOnItsWay()

    async def reset(self, order: ResetPassword) -> None:
        """Set a new password with the token from the mailed link.

        - A token that is unknown, used, replaced or older than an hour is `invalid_token`.
        - All sessions of the person end, the API keys that the person has made, and a change of address that is under
          way. Nobody is signed in by it: second factors stay as they are.
        """
        must_be_strong(order.new_password, "newPassword")
        digest = digest_of(order.token)
        async with self.work.within(None):
            found = await self.passwords.reset_of(digest)
            if found is None:
                self.work.note(Note(action="password_reset.refused"))
        if found is None:
            raise InvalidToken(_NOT_GOOD)
        must_be_strong(order.new_password, "newPassword", about=[found.email.partition("@")[0]])
        await self._apply(found, digest, await self.hasher.hash(order.new_password))

    async def _apply(self, found: ResetRequest, digest: bytes, made: str) -> None:
        async with self.work.within(found.tenant or new_id()):
            account = await self.passwords.reset(digest, new=made)
            if account is not None:
                self.work.record(PasswordChanged(subject=account))
        async with self.work.within(None):
            action = "password_reset.refused" if account is None else "password_reset.done"
            self.work.note(refused(action, found.email))
        if account is None:
            raise InvalidToken(_NOT_GOOD)


class ResetLetters:
    """Mails links that reset a password. A token is made when its letter is sent: it rests nowhere else."""

    def __init__(
        self, passwords: Passwords, recipients: Recipients, letters: Letters, link: MailedLink, work: UnitOfWork
    ) -> None:
        self.passwords = passwords
        self.recipients = recipients
        self.letters = letters
        self.link = link
        self.work = work

    async def send(self, account: UUID) -> None:
        """Send the link to the account's address; the one before is dead. Without such an account, send nothing."""
        token = new_token()
        async with self.work:
            recipient = await self.recipients.of(account)
            email = await self.passwords.issue_reset(account, digest=digest_of(token), lifetime=RESET_LIFETIME)
        if email is None:
            return
        name, language = (recipient.display_name, recipient.language) if recipient else (email, None)
        words = {"displayName": name, "link": self.link.to("reset-password", token)}
        await self.letters.send(to=email, template="password_reset", words=words, language=language)

"""Changing the address of an account: both addresses confirm, and either can stop it."""

from datetime import timedelta
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from domains.credentials.events import EmailChanged, EmailChangeWanted
from domains.identity import (
    Attempts,
    Letters,
    LinkToken,
    MailedLink,
    MailOnItsWay,
    PasswordText,
    Reauthentication,
    Recipients,
    SecondCode,
    digest_of,
    new_token,
)
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.contact import EmailAddress
from domains.shared.errors import InvalidToken, ValidationFailed
from domains.shared.fields import EmailText
from domains.shared.permissions import Permission
from domains.shared.wire import Command, View
from domains.shared.work import UnitOfWork

MAIL_EMAIL_CHANGE = "identity.mail_email_change"
SPREAD_EMAIL = "identity.spread_email"
CHANGE_LIFETIME = timedelta(hours=24)


class ChangeEmail(Command, frozen=True):
    """The new address, the password of the account, and its second factor where it has one."""

    new_email: EmailText
    password: PasswordText
    code: SecondCode | None = None


class EmailChangeLink(Command, frozen=True):
    """The token from one of the two mailed links."""

    token: LinkToken


class EmailChangeView(View, frozen=True):
    """`waiting` until the other address has confirmed too, then `changed`."""

    status: Literal["changed", "waiting"]


class TwoAddresses(msgspec.Struct, frozen=True):
    """The present address, and the one that is to take its place. `is_taken`: it has an account."""

    old: str
    new: str
    is_taken: bool


class Place(msgspec.Struct, frozen=True):
    """A tenant in which the person is a user, and the address of the account."""

    tenant: UUID
    user: UUID
    email: str


class EmailChanges(Protocol):
    """Changes of address that are under way: one an account."""

    async def ask(self, session: UUID, email: str, *, lifetime: timedelta) -> None:
        """Start one, in the place of one that was under way."""
        ...

    async def issue(self, account: UUID, *, for_old: bytes, for_new: bytes) -> TwoAddresses | None:
        """Make these its only tokens. None where none is under way."""
        ...

    async def home(self, digest: bytes) -> UUID | None:
        """The tenant that the person used last; None where the token is not good."""
        ...

    async def agree(self, digest: bytes) -> tuple[UUID, bool] | None:
        """Confirm one address: the account, and whether the address is changed now, as both have confirmed."""
        ...

    async def stop(self, digest: bytes) -> UUID | None: ...

    async def places(self, account: UUID) -> list[Place]: ...

    async def readdress(self, user: UUID, email: str) -> bool:
        """Give the bound tenant's user this address. False where it has it already."""
        ...


class ChangingEmail:
    """Begins a change of address."""

    def __init__(
        self, actor: Actor, changes: EmailChanges, proof: Reauthentication, attempts: Attempts, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.changes = changes
        self.proof = proof
        self.attempts = attempts
        self.work = work

    async def ask(self, order: ChangeEmail) -> MailOnItsWay:
        """Ask for another e-mail address. It changes once the links mailed to both addresses were followed.

        - The password is needed; a wrong one is `invalid_credentials`, and counts as a failed login.
        - Where the account has a second factor, it is `two_factor_required` without its `code`, and `invalid_code`
          with a wrong one.
        - The links are good for 24 hours; asking again kills them. Either address can stop the change.
        - An address that has an account gets the same answer, and a letter that says so; after 5 letters within the
          hour it gets none.
        """
        self.actor.must(Permission.ACCOUNT_WRITE)
        email = EmailAddress.parse(order.new_email, "newEmail").value
        if email == await self.proof.address(self.actor):
            raise ValidationFailed.of("newEmail", "unchanged", "Expected another address than the present one.")
        await self.proof.passed_wholly(self.actor, password=order.password, code=order.code)
        async with self.work:
            allowance = await self.attempts.code_mail(email)
            await self.changes.ask(self.actor.session, email, lifetime=CHANGE_LIFETIME)
            self.work.note(Note(action="email_change.asked", subject=self.actor.user))
            if allowance.granted:
                self.work.record(EmailChangeWanted(subject=self.actor.account))
        return MailOnItsWay()


class FollowingEmailLinks:
    """Does what the links in the two letters are for."""

    def __init__(self, changes: EmailChanges, work: UnitOfWork) -> None:
        self.changes = changes
        self.work = work

    async def confirm(self, order: EmailChangeLink) -> EmailChangeView:
        """Confirm one of the two addresses of a change, with the token from its letter.

        - The address is changed when both have confirmed. Following a link twice changes nothing more.
        - A token that is unknown, replaced, stopped or over 24 hours old is `invalid_token`.
        """
        digest = digest_of(order.token)
        async with self.work.within(await self._home(digest)):
            agreed = await self.changes.agree(digest)
            if agreed is None:
                raise InvalidToken("The link is unknown, used or too old.")
            account, is_changed = agreed
            if is_changed:
                self.work.record(EmailChanged(subject=account))
            self.work.note(Note(action="email_change.done" if is_changed else "email_change.confirmed"))
        return EmailChangeView(status="changed" if is_changed else "waiting")

    async def stop(self, order: EmailChangeLink) -> None:
        """Stop a change of address, with the token from either letter. Both links are dead.

        - A token that is unknown, replaced, stopped or over 24 hours old is `invalid_token`.
        """
        digest = digest_of(order.token)
        async with self.work.within(await self._home(digest)):
            if await self.changes.stop(digest) is None:
                raise InvalidToken("The link is unknown, used or too old.")
            self.work.note(Note(action="email_change.stopped"))

    async def _home(self, digest: bytes) -> UUID:
        async with self.work.within(None):
            home = await self.changes.home(digest)
            if home is None:
                self.work.note(Note(action="email_change.refused"))
        if home is None:
            raise InvalidToken("The link is unknown, used or too old.")
        return home


class EmailChangeFollowUp:
    """What the worker does about a change of address."""

    def __init__(
        self, changes: EmailChanges, recipients: Recipients, letters: Letters, link: MailedLink, work: UnitOfWork
    ) -> None:
        self.changes = changes
        self.recipients = recipients
        self.letters = letters
        self.link = link
        self.work = work

    async def mail(self, account: UUID) -> None:
        """Mail a link to each of the two addresses; those before are dead. A new one that is taken is told so.

        All of it in the language of who asked: of nobody else who may have the new address is more known here.
        """
        for_old, for_new = new_token(), new_token()
        async with self.work:
            found = await self.changes.issue(account, for_old=digest_of(for_old), for_new=digest_of(for_new))
            asking = await self.recipients.of(account)
        if found is None:
            return
        language = asking.language if asking else None
        words = {"newEmail": found.new, "link": self._confirm(for_old)}
        words["stop"] = self.link.to("stop-email-change", for_old)
        await self.letters.send(to=found.old, template="email_change_old", words=words, language=language)
        if found.is_taken:
            await self.letters.send(to=found.new, template="email_change_taken", words={}, language=language)
        else:
            words = {"oldEmail": found.old, "link": self._confirm(for_new)}
            await self.letters.send(to=found.new, template="email_change_new", words=words, language=language)

    async def spread(self, account: UUID) -> None:
        """Write the new address into each tenant in which the person is a user. Doing so again changes nothing."""
        async with self.work:
            places = await self.changes.places(account)
        for place in places:
            async with self.work.within(place.tenant):
                if await self.changes.readdress(place.user, place.email):
                    self.work.note(Note(action="user.email_changed", subject=place.user))

    def _confirm(self, token: str) -> str:
        return self.link.to("confirm-email-change", token)

"""A person's sessions: carried on, looked at, ended, and taken to another tenant."""

from uuid import UUID

from domains.identity.errors import AccountSuspended
from domains.identity.ports import AccessTokens
from domains.identity.refreshing import GRACE, RefreshTokens
from domains.identity.session_ports import Refreshed, RefreshOutcome, SessionBook
from domains.identity.session_views import SessionList, SessionView
from domains.identity.signing_in import Sessions
from domains.identity.views import RefreshText, SignedIn, TokenPair
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import WallClock
from domains.shared.errors import InvalidToken, NotFound
from domains.shared.permissions import Permission
from domains.shared.wire import Command
from domains.shared.work import UnitOfWork


class Refresh(Command, frozen=True):
    """The refresh token that came with the last pair."""

    refresh_token: RefreshText


class SwitchTenant(Command, frozen=True):
    """Another tenant of the same person."""

    tenant_id: UUID


class Renewing:
    """Carries sessions on."""

    def __init__(
        self, book: SessionBook, access: AccessTokens, refreshing: RefreshTokens, clock: WallClock, work: UnitOfWork
    ) -> None:
        self.book = book
        self.access = access
        self.refreshing = refreshing
        self.clock = clock
        self.work = work

    async def refresh(self, order: Refresh) -> TokenPair:
        """Exchange a refresh token for a new pair of tokens.

        - A refresh token is good once. For 10 seconds, and until its successor is used, presenting it again gives the
          very same new pair: an answer that was lost, or two tabs at once, log nobody out.
        - Presented later, it is taken for stolen: the session ends with all its tokens, and the audit log says so.
        - A session that nobody refreshes for 24 hours (30 days with `rememberMe`) is over, and any is 90 days after
          its login.
        - What is wrong, spent or expired is `invalid_token`; then log in.
        """
        successor = self.refreshing.after(order.refresh_token)
        async with self.work.within(None):
            found = await self.book.refresh(
                self.refreshing.digest(order.refresh_token),
                successor=self.refreshing.digest(successor),
                at=self.clock.wall(),
                grace=GRACE,
            )
        await self._note(found)
        if found.outcome is RefreshOutcome.SUSPENDED:
            raise AccountSuspended("This account, or the business, is suspended.")
        if found.session is None or found.issued_at is None:
            raise InvalidToken("The refresh token is wrong, spent or expired. Log in again.")
        return TokenPair(
            access_token=self.access.issue(found.session, at=found.issued_at),
            refresh_token=successor,
            token_type="Bearer",  # noqa: S106 - the kind of token, not a token
            expires_in=self.access.lifetime,
        )

    async def _note(self, found: Refreshed) -> None:
        """Every attempt is noted: in the tenant's log, or without a session among the security events."""
        if found.session is None:
            async with self.work.within(None):
                self.work.note(Note(action="refresh.refused"))
            return
        async with self.work.within(found.session.tenant):
            action = f"refresh.{found.outcome.value}"
            self.work.note(Note(action=action, subject=found.session.id, actor=found.session.user))


class SessionKeeping:
    """Shows people where they are signed in, and ends it."""

    def __init__(self, actor: Actor, book: SessionBook, work: UnitOfWork) -> None:
        self.actor = actor
        self.book = book
        self.work = work

    async def all(self) -> SessionList:
        """List your sessions in all your tenants, the one used last first.

        An account has at most 20: logging in once more ends the one that was used longest ago.
        """
        self.actor.must(Permission.SESSIONS_READ)
        async with self.work:
            found = await self.book.of(self.actor.account)
        return SessionList(items=tuple(SessionView.of(each, current=self.actor.session) for each in found))

    async def end(self, session_id: UUID) -> None:
        """End one of your sessions: its tokens are refused, and its sockets closed, within a second."""
        self.actor.must(Permission.SESSIONS_WRITE)
        async with self.work:
            if not await self.book.end(self.actor.account, session_id):
                raise NotFound.one("session")
            self.work.note(Note(action="session.ended", subject=session_id))

    async def log_out(self, *, everywhere: bool) -> None:
        """End the session of the token, or with `all=true` all sessions of the account in all its tenants.

        Its tokens are refused, and its sockets closed, within a second.
        """
        self.actor.must(Permission.SESSIONS_WRITE)
        async with self.work:
            if everywhere:
                await self.book.end_all(self.actor.account)
            else:
                await self.book.end(self.actor.account, self.actor.session)
            action = "session.all_ended" if everywhere else "session.logged_out"
            self.work.note(Note(action=action, subject=self.actor.session))


class Switching:
    """Takes people from one of their tenants to another."""

    def __init__(
        self, actor: Actor, book: SessionBook, sessions: Sessions, refreshing: RefreshTokens, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.book = book
        self.sessions = sessions
        self.refreshing = refreshing
        self.work = work

    async def switch(self, order: SwitchTenant) -> SignedIn:
        """Get tokens of another of your tenants.

        - A token works in one tenant only. The present session goes on, the new one lasts no longer than it would.
        - At most 10 sessions of an account come of switching: one more ends the one of those that was used longest ago.
        - Where you are no member it is `not_found`, where you are suspended `account_suspended`.
        """
        self.actor.must(Permission.SESSIONS_WRITE)
        token = self.refreshing.new()
        async with self.work:
            opened = await self.book.switch(
                self.actor.session,
                tenant=order.tenant_id,
                opening=self.refreshing.opening(token, remember=False, second=True),
            )
        if opened is None:
            raise NotFound.one("tenant")
        return await self.sessions.signed_in(opened, token, action="session.switched")

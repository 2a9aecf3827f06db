"""Signing in: from a password, or a code just confirmed, to a token."""

from domains.identity.attempts import refused
from domains.identity.confirming import Confirming
from domains.identity.errors import AccountSuspended, EmailNotVerified, TwoFactorRequired
from domains.identity.model import LogIn, VerifyEmail
from domains.identity.ports import AccessTokens, Accounts, Members, OpenedSession
from domains.identity.refreshing import RefreshTokens
from domains.identity.second_factor_proofs import LoginCheck
from domains.identity.views import SignedIn
from domains.shared.audit import Note
from domains.shared.contact import EmailAddress
from domains.shared.errors import InvalidCode, InvalidCredentials, RateLimited, ValidationFailed
from domains.shared.work import UnitOfWork


class Sessions:
    """Opens sessions for those who have shown who they are."""

    def __init__(
        self, accounts: Accounts, members: Members, tokens: AccessTokens, refreshing: RefreshTokens, work: UnitOfWork
    ) -> None:
        self.accounts = accounts
        self.members = members
        self.tokens = tokens
        self.refreshing = refreshing
        self.work = work

    async def open(
        self, email: str, password_hash: str, *, slug: str | None, second: bool, remember: bool = False
    ) -> SignedIn:
        """A session and its tokens, in the tenant with `slug` or in the one last used.

        Raises `InvalidCredentials` where the person is no member there, or got a second factor meanwhile that was not
        shown (`second`), `AccountSuspended` where that is suspended.
        """
        token = self.refreshing.new()
        async with self.work:
            opened = await self.accounts.open_session(
                email,
                password_hash=password_hash,
                slug=slug,
                opening=self.refreshing.opening(token, remember=remember, second=second),
            )
        if opened is None:
            raise InvalidCredentials("E-mail or password is wrong.")
        return await self.signed_in(opened, token, action="login.succeeded")

    async def signed_in(self, opened: OpenedSession, token: str, *, action: str) -> SignedIn:
        """The answer to whoever has opened a session whose refresh token is `token`; noted as `action`."""
        async with self.work.within(opened.session.tenant):
            identity = await self.members.identity(opened.session.user)
            self.work.note(Note(action=action, subject=opened.session.id, actor=opened.session.user))
        return SignedIn(
            access_token=self.tokens.issue(opened.session),
            refresh_token=token,
            token_type="Bearer",  # noqa: S106 - the kind of token, not a token
            expires_in=self.tokens.lifetime,
            user=identity.user,
            tenant=identity.tenant,
            tenants=opened.tenants,
        )


class SigningIn:
    """Lets people in. What it refuses, it refuses in the same words and in the same time."""

    def __init__(
        self, accounts: Accounts, check: LoginCheck, confirming: Confirming, sessions: Sessions, work: UnitOfWork
    ) -> None:
        self.accounts = accounts
        self.check = check
        self.confirming = confirming
        self.sessions = sessions
        self.work = work

    async def with_password(self, order: LogIn) -> SignedIn:
        """Log in with e-mail and password.

        - A wrong address and a wrong password get the same answer, after as long.
        - With the right password, an address that is not confirmed yet is `email_not_verified`.
        - With the right password, a person who is suspended there is told `account_suspended`.
        - The refresh token carries the session on: see `POST /auth/refresh`.
        - Where the account has a second factor, it is `two_factor_required` without its `code`, and `invalid_code`
          with a wrong one. A code is good once.
        - After 5 failures within 15 minutes it is `rate_limited`, where the person has not logged in before.
        """
        try:
            return await self._checked(order)
        except (InvalidCredentials, InvalidCode, EmailNotVerified, AccountSuspended, RateLimited, TwoFactorRequired):
            async with self.work.within(None):
                self.work.note(refused("login.refused", order.email))
            raise

    async def with_code(self, order: VerifyEmail) -> SignedIn:
        """Confirm a new account's address with the mailed code, and log in.

        - A code lives 10 minutes and stands 5 tries, however many come at once; wrong, spent and expired ones get
          the same answer. After 20 guesses within an hour it is `rate_limited`.
        - It opens the registration that it was mailed for. Where the address was registered more than once, the
          password of that registration is needed too: without it, it is `invalid_credentials`.
        """
        admission = await self.confirming.confirm(order)
        async with self.work.within(admission.tenant):
            known = await self.accounts.credentials(admission.email)
        if known is None:
            raise InvalidCredentials("The account is gone.")
        return await self.sessions.open(admission.email, known.password_hash, slug=admission.slug, second=False)

    async def _checked(self, order: LogIn) -> SignedIn:
        email = _address(order.email)
        known = await self.check.passed(email, order.password, order.code)
        if known.account is None:
            raise EmailNotVerified("Confirm the address with the code that was mailed to it.")
        return await self.sessions.open(
            email, known.password_hash, slug=order.tenant_slug, second=known.second, remember=order.remember_me
        )


def _address(text: str) -> str:
    """The normalised address; what is none belongs to nobody, and is not told apart from that."""
    try:
        return EmailAddress.parse(text, "email").value
    except ValidationFailed:
        return text.strip().lower()

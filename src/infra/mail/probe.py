"""Trying out connections: mail servers and Stripe for real, the others by their shape only."""

import ssl

import aiosmtplib

from domains.tenants import Check, CheckStatus, Probe, Provider, TenantIntegration
from infra.inner_networks import NotAllowed, outer_socket

_SECONDS = 8
_NOT_ASKED = Check(CheckStatus.UNVERIFIED, "nobody_was_asked")


class Probes:
    """The `Probe` of all providers. With `inner_allowed`, mail servers may stand in inner networks.

    `trusting` says whose certificates are good: by default, those that the machine trusts.
    """

    def __init__(
        self, *, inner_allowed: bool, trusting: ssl.SSLContext | None = None, stripe: Probe | None = None
    ) -> None:
        self._inner_allowed = inner_allowed
        self._stripe = stripe
        self._trusting = trusting or ssl.create_default_context()

    async def check(self, integration: TenantIntegration) -> Check:
        if integration.provider is Provider.STRIPE and self._stripe is not None:
            return await self._stripe.check(integration)
        if integration.provider is not Provider.SMTP:
            return _NOT_ASKED
        try:
            await self._greet(integration)
        except NotAllowed:
            return _failed("address_not_allowed")
        except aiosmtplib.SMTPAuthenticationError:
            return _failed("refused_login")
        except (aiosmtplib.SMTPException, TimeoutError, OSError, ValueError) as error:
            return _failed(_word_for(error))
        return Check(CheckStatus.WORKING, "greeted" if not integration.secrets else "logged_in")

    async def _greet(self, integration: TenantIntegration) -> None:
        """Connect, begin TLS, log in, and leave."""
        of = integration.settings
        host, at_once = str(of["host"]), of["security"] == "tls"
        opened = await outer_socket(host, int(str(of["port"])), inner_allowed=self._inner_allowed)
        server = aiosmtplib.SMTP(
            hostname=host, sock=opened, port=None, use_tls=at_once, start_tls=not at_once, timeout=_SECONDS,
            tls_context=self._trusting,
        )  # fmt: skip
        try:
            async with server:
                if "username" in of:
                    await server.login(str(of["username"]), integration.secrets.get("password", ""))
        finally:
            server.close()


def _failed(detail: str) -> Check:
    return Check(CheckStatus.FAILED, detail)


def _word_for(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        return "no_answer"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return "refused"
    around = (error, error.__cause__, error.__context__)
    is_tls = "TLS" in str(error) or any(isinstance(each, ssl.SSLError) for each in around)
    return "tls_failed" if is_tls else "unreachable"

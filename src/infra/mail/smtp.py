"""Mail by SMTP, one letter a connection."""

import re
from collections.abc import Awaitable, Callable
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import email_validator

from domains.letters import Letter
from domains.shared.vendors import Finding, Refused, TryLater
from infra.mail.rendering import Rendering

_TIMEOUT_SECONDS = 20.0
_FOR_GOOD = 500
_CLOSING = 421
_DETAIL = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class SmtpPost:
    """The `Post` through the server of `smtp://user:password@host:port` (`smtps://` for TLS at once).

    The message's id is the letter's. A server has taken a message when it answers the dot at its end (RFC 5321 §4.2.5,
    §6.1), and cannot be asked about it afterwards.
    """

    def __init__(self, url: str, *, sender: str, rendering: Rendering, timeout: float = _TIMEOUT_SECONDS) -> None:
        self._server = urlsplit(url)
        self._sender = sender
        self._rendering = rendering
        self._timeout = timeout

    async def call(self, key: UUID, order: Letter, begin: Callable[[], Awaitable[None]]) -> str | None:
        message = self.compose(order, key=key).as_bytes(policy=policy.SMTP)
        client = self._client()
        try:
            await self._approach(client)
            await self._name(client, _deliverable(order.to))
            await begin()
            await _hand_over(client, message)
        finally:
            client.close()
        return None

    async def look_up(self, key: UUID, order: Letter) -> Finding:  # noqa: ARG002 - SMTP has no such question
        return Finding.CANNOT_TELL

    def compose(self, letter: Letter, *, key: UUID) -> EmailMessage:
        """The message, as text and as a page."""
        rendered = self._rendering.render(letter)
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = _deliverable(letter.to)
        message["Subject"] = _subject(rendered.subject)
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{key}@{_ascii_host(parseaddr(self._sender)[1])}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(rendered.text, cte="quoted-printable")
        message.add_alternative(rendered.page, subtype="html", cte="quoted-printable")
        if letter.calendar is not None:
            message.add_attachment(
                letter.calendar.encode(), maintype="text", subtype="calendar", filename="appointment.ics",
                params={"charset": "utf-8", "method": "PUBLISH"},
            )  # fmt: skip
        message["Content-Language"] = letter.language
        return message

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.hostname,
            port=server.port,
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            timeout=self._timeout,
        )

    async def _approach(self, client: aiosmtplib.SMTP) -> None:
        """Come as far as the recipient. A refusal on the way is about us, or the server, not about this letter."""
        try:
            await client.connect()
            await client.mail(parseaddr(self._sender)[1])
        except aiosmtplib.SMTPResponseException as refusal:
            raise TryLater(_code_of(refusal), is_general=True) from refusal
        except (aiosmtplib.SMTPException, OSError) as lost:
            raise TryLater(type(lost).__name__, is_general=True) from lost

    async def _name(self, client: aiosmtplib.SMTP, address: str) -> None:
        try:
            await client.rcpt(address)
        except aiosmtplib.SMTPResponseException as refusal:
            raise _refused(refusal) from refusal
        except (aiosmtplib.SMTPException, OSError) as lost:
            raise TryLater(type(lost).__name__, is_general=True) from lost


async def _hand_over(client: aiosmtplib.SMTP, message: bytes) -> None:
    """An answer is an answer; without one it is not known whether the message was taken."""
    try:
        await client.data(message)
    except aiosmtplib.SMTPResponseException as refusal:
        raise _refused(refusal) from refusal


def _refused(refusal: aiosmtplib.SMTPResponseException) -> Refused | TryLater:
    if refusal.code >= _FOR_GOOD:
        return Refused(_code_of(refusal))
    return TryLater(_code_of(refusal), is_general=refusal.code == _CLOSING)


def _code_of(refusal: aiosmtplib.SMTPResponseException) -> str:
    """`550 5.1.1`. The server's words may name the address, and are left out."""
    detail = _DETAIL.search(refusal.message)
    return f"{refusal.code} {detail[0]}" if detail else str(refusal.code)


def _deliverable(address: str) -> str:
    """The address as every server takes it: an international domain in its ASCII form."""
    found = email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    return found.ascii_email or address


def _ascii_host(address: str) -> str:
    return address.rpartition("@")[2].encode("idna").decode()


def _subject(text: str) -> str:
    """One line. An encoded word (`=?utf-8?q?…?=`) in a name would be decoded, and bring headers of its own."""
    return " ".join(text.replace("=?", "= ?").split())

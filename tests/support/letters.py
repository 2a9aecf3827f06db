"""Letters for tests, and mail servers that do what they are told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

from aiosmtpd.smtp import SMTP, Envelope, Session

from domains.letters import Letter
from frontdesk.wiring.letters import TEMPLATES
from infra.mail.catalogues import Catalogues
from infra.mail.rendering import Rendering
from infra.mail.smtp import SmtpPost

SENDER = "Frontdesk <frontdesk@example.com>"
TO = "grace@example.com"
RENDERING = Rendering(TEMPLATES, Catalogues())


def smtp_post(url: str, *, timeout: float = 20) -> SmtpPost:
    return SmtpPost(url, sender=SENDER, rendering=RENDERING, timeout=timeout)


def letter(
    template: str = "known_address",
    *,
    to: str = TO,
    language: str = "en",
    timezone: str = "UTC",
    **words: str,
) -> Letter:
    if not words and template == "known_address":
        words = {"tenantName": "Harbor"}
    return Letter(to=to, template=template, words=words, language=language, timezone=timezone)


class Mood(StrEnum):
    """How a mail server behaves."""

    TAKES = "takes"
    REFUSES = "refuses"
    REFUSES_NOW = "refuses now"
    REFUSES_THE_MESSAGE = "refuses the message"
    REFUSES_US = "refuses us"
    LEAVES_BEFORE_DATA = "leaves before data"
    LEAVES_AFTER_THE_DOT = "leaves after the dot"
    IS_SLOW = "is slow"


class MoodyServer:
    """Counts whom it was asked for, what it has taken, and by which message id."""

    def __init__(self) -> None:
        self.mood = Mood.TAKES
        self.open = asyncio.Event()
        self.asked: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.message_ids: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.url = ""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood is Mood.REFUSES_US:
            return "550 5.7.1 We do not know you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked[address] += 1
        if self.mood is Mood.REFUSES:
            return f"550 5.1.1 <{address}> is nobody"
        if self.mood is Mood.REFUSES_NOW:
            return "451 4.7.1 Greylisted"
        if self.mood is Mood.LEAVES_BEFORE_DATA:
            _hang_up(server)
        if self.mood is Mood.IS_SLOW:
            await self._wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.mood is Mood.REFUSES_THE_MESSAGE:
            return "554 5.7.1 Spam"
        self.taken.update(envelope.rcpt_tos)
        content = envelope.content or b""
        assert isinstance(content, bytes)
        self.message_ids += [line[12:].decode() for line in content.splitlines() if line.startswith(b"Message-ID: ")]
        if self.mood is Mood.LEAVES_AFTER_THE_DOT:
            _hang_up(server)
        return "250 OK"

    async def _wait(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.open.wait()
        self.at_once -= 1


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


@asynccontextmanager
async def moody_server() -> AsyncIterator[MoodyServer]:
    """A server that listens, and forgets its clients when left."""
    moody, loop = MoodyServer(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(moody, hostname="127.0.0.1", loop=loop), "127.0.0.1", 0)
    moody.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield moody
    finally:
        moody.open.set()
        server.close()

"""A mail server that delivers nothing: what it is given lies in a Maildir, to be read at `GET /sandbox/mail`."""

import asyncio
from pathlib import Path

from aiosmtpd.handlers import Mailbox as MaildirHandler
from aiosmtpd.smtp import SMTP


async def mail_server(folder: Path, *, host: str, port: int) -> asyncio.Server:
    """An SMTP server on the running loop, serving already. It stores each message in the Maildir `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    handler = MaildirHandler(folder)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(handler, hostname=host, loop=loop), host=host, port=port)

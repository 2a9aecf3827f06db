"""Runs the stand-ins for providers beside the product."""

import asyncio
import signal
from urllib.parse import urlsplit

from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.sandbox.mail import mail_server


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raise `Refusal` unless SMTP_URL is of this machine, and outside production."""
    address = urlsplit(settings.smtp_url or "")
    if settings.is_production or address.hostname != "127.0.0.1" or not address.port:
        raise Refusal("The sandbox runs outside production only, with SMTP_URL at smtp://127.0.0.1:<port>.")
    asyncio.run(_serve(settings, address.port))


async def _serve(settings: Settings, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with await mail_server(settings.sandbox_mailbox, host="127.0.0.1", port=port):
        await stopped.wait()

"""Reads what the sandbox's mail server was given."""

import mailbox
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path

import msgspec


class SandboxMail(msgspec.Struct, frozen=True):
    """One message, as its receiver would see it."""

    to: list[str]
    subject: str
    text: str
    html: str
    sent_at: float


class SandboxMailbox:
    """Reads the Maildir, each message once: it does not change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parser = BytesParser(policy=policy.default)
        self._read: dict[str, SandboxMail] = {}

    def messages(self, *, to: str | None, most: int) -> list[SandboxMail]:
        """The newest first; with `to`, those to that address only."""
        if not self._folder.is_dir():
            return []
        box = mailbox.Maildir(str(self._folder), create=False)
        self._read = {key: self._read.get(key) or self._parsed(box, key) for key in box.keys()}  # noqa: SIM118 - a Maildir iterates over messages
        wanted = [mail for mail in self._read.values() if to is None or to.lower() in mail.to]
        return sorted(wanted, key=lambda mail: mail.sent_at, reverse=True)[:most]

    def _parsed(self, box: mailbox.Maildir, key: str) -> SandboxMail:
        return _shown(self._parser.parsebytes(box.get_bytes(key)), key)


def _shown(message: EmailMessage, key: str) -> SandboxMail:
    addresses = getaddresses([str(value) for value in message.get_all("To", [])])
    return SandboxMail(
        to=[address.lower() for _, address in addresses],
        subject=str(message["Subject"]).strip(),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        sent_at=_came_at(key),
    )


def _came_at(key: str) -> float:
    """A Maildir's keys begin with the time: `<seconds>.M<microseconds>P…`, which is finer than a mail's own date."""
    seconds, _, rest = key.partition(".M")
    return int(seconds) + int(rest.partition("P")[0]) / 1_000_000


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""

"""Letters by SMTP: a template as plain text and as HTML, in one message."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib
import email_validator
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_TIMEOUT_SECONDS = 20


class SmtpLetters:
    """The `Letters` that go through the server of `smtp://user:password@host:port` (`smtps://` for TLS at once)."""

    def __init__(self, url: str, *, sender: str, templates: tuple[Path, ...]) -> None:
        self._server = urlsplit(url)
        self._sender = sender
        self._templates = Environment(
            loader=FileSystemLoader(templates), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
        )

    async def send(self, *, to: str, template: str, words: dict[str, str], language: str | None = None) -> None:
        server = self._server
        address = _deliverable(to)
        await aiosmtplib.send(
            self.compose(to=address, template=template, words=words, language=language),
            recipients=[address],
            hostname=server.hostname,
            port=server.port,
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            timeout=_TIMEOUT_SECONDS,
        )

    def compose(self, *, to: str, template: str, words: dict[str, str], language: str | None = None) -> EmailMessage:
        """The message: the first line of the text template is its subject."""
        head, _, text = self._render(template, "txt", words, language).partition("\n")
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = to
        message["Subject"] = _subject(head.removeprefix("Subject:"))
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2].rstrip(">"))
        message.set_content(text.strip() + "\n")
        message.add_alternative(self._render(template, "html", words, language), subtype="html")
        return message

    def _render(self, template: str, kind: str, words: dict[str, str], language: str | None) -> str:
        names = [f"{template}.{language}.{kind}", f"{template}.{kind}"]
        return self._templates.select_template(names).render(words)


def _deliverable(address: str) -> str:
    """The address as every server takes it: an international domain in its ASCII form."""
    found = email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    return found.ascii_email or address


def _subject(text: str) -> str:
    """One line. An encoded word (`=?utf-8?q?…?=`) in a name would be decoded, and bring headers of its own."""
    return " ".join(text.replace("=?", "= ?").split())

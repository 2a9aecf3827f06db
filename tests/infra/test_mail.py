"""Letters: rendered as text and HTML, and no name reaches a header but as words of the subject."""

from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from frontdesk.wiring.process import TEMPLATES
from infra.mail.smtp import SmtpLetters
from infra.sandbox.mail import mail_server
from infra.sandbox.mailbox import SandboxMailbox

WORDS = {"displayName": "Grace Hopper", "tenantName": "Harbor Plumbing", "code": "123456"}
HOSTILE = [
    "Harbor\nBcc: all@example.com",
    "Harbor\r\nBcc: all@example.com\r\n\r\n<b>",
    "Harbor\x0bBcc: x\x85\u2028y",
    "Subject: Harbor",
    "=?utf-8?q?Harbor=0ABcc:_x?=",
    "{{ 7 * 7 }}{% raw %}",
]


def letters(url: str = "smtp://127.0.0.1:1", templates: tuple[Path, ...] = TEMPLATES) -> SmtpLetters:
    return SmtpLetters(url, sender="Frontdesk <frontdesk@example.com>", templates=templates)


def test_a_letter_has_a_text_and_a_page_that_say_the_same() -> None:
    message = letters().compose(to="grace@example.com", template="verification_code", words=WORDS)
    assert message["Subject"] == "Your code for Harbor Plumbing: 123456"
    assert (message["To"], message["From"]) == ("grace@example.com", "Frontdesk <frontdesk@example.com>")
    assert message["Message-ID"].endswith("@example.com>")
    text, page = (part.get_content() for part in message.iter_parts())
    for content in (text, page):
        assert all(word in content for word in WORDS.values())
    assert "Subject:" not in text
    assert page.startswith("<!doctype html>")


@pytest.mark.parametrize("template", sorted({path.stem for folder in TEMPLATES for path in folder.iterdir()}))
def test_every_letter_renders_with_a_subject_of_one_line(template: str) -> None:
    words = {**WORDS, "text": "error_rate raised in api", "since": "2026-11-21T09:30:00.000Z"}
    message = letters().compose(to="grace@example.com", template=template, words=words)
    assert message["Subject"]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_word_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        letters().compose(to="grace@example.com", template="verification_code", words={"code": "1"})


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("word", ["displayName", "tenantName"])
def test_a_name_never_makes_a_header(word: str, name: str) -> None:
    message = letters().compose(to="grace@example.com", template="verification_code", words={**WORDS, word: name})
    read = BytesParser(policy=policy.default).parsebytes(message.as_bytes())
    assert sorted(read.keys()) == ["Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"]
    assert read["To"] == "grace@example.com"
    assert "\n" not in read["Subject"]


def test_a_name_is_text_in_the_page() -> None:
    name = "<script>alert(1)</script>&\"'"
    message = letters().compose(
        to="grace@example.com", template="verification_code", words={**WORDS, "displayName": name}
    )
    text, page = (part.get_content() for part in message.iter_parts())
    assert name in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("to", "delivered"),
    [
        ("grace@example.com", "grace@example.com"),
        ("grace@münchen.example.com", "grace@xn--mnchen-3ya.example.com"),
    ],
)
async def test_a_letter_arrives(tmp_path: Path, to: str, delivered: str) -> None:
    server = await mail_server(tmp_path / "mail", host="127.0.0.1", port=0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await letters(f"smtp://127.0.0.1:{port}").send(to=to, template="verification_code", words=WORDS)
    mailbox = SandboxMailbox(tmp_path / "mail")
    found = mailbox.messages(to=delivered.upper(), most=10)
    assert [mail.to for mail in found] == [[delivered]]
    assert found[0].subject == "Your code for Harbor Plumbing: 123456"
    assert "123456" in found[0].text
    assert "123456" in found[0].html
    assert mailbox.messages(to="other@example.com", most=10) == []


async def test_a_server_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError, match=r".+"):
        await letters().send(to="grace@example.com", template="verification_code", words=WORDS)

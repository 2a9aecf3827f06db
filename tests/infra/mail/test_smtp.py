"""Mail by a real SMTP server: what it answers, and what no name can do to a message. Attacks 177 and 204."""

from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from domains.shared.ids import new_id
from domains.shared.vendors import Finding, Refused, TryLater
from infra.sandbox.mail import mail_server
from infra.sandbox.mailbox import SandboxMailbox
from tests.support.letters import Mood, letter, moody_server, smtp_post

WORDS = {"displayName": "Grace Hopper", "tenantName": "Harbor Plumbing", "code": "123456"}
NOWHERE = "smtp://127.0.0.1:1"
HOSTILE = [
    "Harbor\nBcc: all@example.com",
    "Harbor\r\nBcc: all@example.com\r\n\r\n<b>",
    "Harbor\x0bBcc: x\x85\u2028y",
    "Subject: Harbor",
    "=?utf-8?q?Harbor=0ABcc:_x?=",
    "{{ 7 * 7 }}{% raw %}",
    "%(code)s %s {0}",
    ".\r\n.\r\nMAIL FROM:<x@example.com>",
]


class Begun:
    """Stands for what is written down just before a message is handed over."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("word", ["displayName", "tenantName"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_name_never_makes_a_header(word: str, name: str, language: str) -> None:
    key = new_id()
    order = letter("verification_code", language=language, **{**WORDS, word: name})
    read = BytesParser(policy=policy.default).parsebytes(smtp_post(NOWHERE).compose(order, key=key).as_bytes())
    assert sorted(read.keys()) == [
        "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject",
        "To",
    ]  # fmt: skip
    assert (read["To"], read["Message-ID"]) == ("grace@example.com", f"<{key}@example.com>")
    assert "\n" not in read["Subject"]
    assert "49" not in read["Subject"]


@pytest.mark.parametrize(
    ("to", "delivered"),
    [
        ("grace@example.com", "grace@example.com"),
        ("grace@münchen.example.com", "grace@xn--mnchen-3ya.example.com"),
    ],
)
async def test_a_letter_arrives(tmp_path: Path, to: str, delivered: str) -> None:
    server = await mail_server(tmp_path / "mail", host="127.0.0.1", port=0)
    order, begun = letter("verification_code", to=to, **{**WORDS, "tenantName": ".Harbor.\r\n.\r\nñandú"}), Begun()
    async with server:
        post = smtp_post(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert await post.call(new_id(), order, begun) is None
    mailbox = SandboxMailbox(tmp_path / "mail")
    [found] = mailbox.messages(to=delivered.upper(), most=10)
    assert found.subject == "Your code for .Harbor. . ñandú: 123456"
    assert all("123456" in part and "ñandú" in part for part in (found.text, found.html))
    assert mailbox.messages(to="other@example.com", most=10) == []
    assert begun.times == 1


@pytest.mark.parametrize(
    ("mood", "raised", "reason", "is_general", "began"),
    [
        (Mood.REFUSES, Refused, "550 5.1.1", None, 0),
        (Mood.REFUSES_THE_MESSAGE, Refused, "554 5.7.1", None, 1),
        (Mood.REFUSES_NOW, TryLater, "451 4.7.1", False, 0),
        (Mood.REFUSES_US, TryLater, "550 5.7.1", True, 0),
        (Mood.LEAVES_BEFORE_DATA, TryLater, "SMTPServerDisconnected", True, 0),
        (Mood.IS_SLOW, TryLater, "SMTPReadTimeoutError", True, 0),
    ],
)
async def test_an_answer_is_told_for_what_it_is(
    mood: Mood, raised: type[Exception], reason: str, is_general: bool | None, began: int
) -> None:
    begun = Begun()
    async with moody_server() as server:
        server.mood = mood
        with pytest.raises(raised) as failed:
            await smtp_post(server.url, timeout=0.3).call(new_id(), letter(), begun)
        server.mood = Mood.TAKES
        await smtp_post(server.url).call(new_id(), letter(), Begun())
    assert (str(failed.value), getattr(failed.value, "is_general", None)) == (reason, is_general)
    assert begun.times == began
    assert server.taken.total() == 1


async def test_an_answer_that_is_lost_is_neither() -> None:
    begun = Begun()
    async with moody_server() as server:
        server.mood = Mood.LEAVES_AFTER_THE_DOT
        with pytest.raises(ConnectionError):
            await smtp_post(server.url).call(new_id(), letter(), begun)
    assert (begun.times, server.taken.total()) == (1, 1)
    assert await smtp_post(server.url).look_up(new_id(), letter()) is Finding.CANNOT_TELL


async def test_a_message_is_not_handed_over_where_its_beginning_cannot_be_written_down() -> None:
    async def begin() -> None:
        raise OSError("the database is gone")

    async with moody_server() as server:
        with pytest.raises(OSError, match="the database is gone"):
            await smtp_post(server.url).call(new_id(), letter(), begin)
        assert server.taken.total() == 0
        await smtp_post(server.url).call(new_id(), letter(), Begun())
        assert server.taken.total() == 1


async def test_a_server_that_is_not_there_is_tried_later() -> None:
    with pytest.raises(TryLater) as failed:
        await smtp_post(NOWHERE).call(new_id(), letter(), Begun())
    assert failed.value.is_general

"""A worker is stopped or killed in the middle of its letters: all arrive, at least once. Attacks C16, C17 215."""

import asyncio
import signal
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.processes import environment, running
from tests.support.databases import TestDatabase, rows
from tests.support.house import house_over
from tests.support.soon import until

LETTERS = 24
LEASE_AND_MORE = 100


class Mail:
    """A mail server that takes its time: it answers when `open` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.begun = 0
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.begun += 1
        await self.open.wait()
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"

    async def has_begun(self) -> bool:
        return self.begun > 0

    async def has_all(self) -> bool:
        return len(self.taken) == LETTERS


@pytest.fixture
async def mail() -> AsyncIterator[tuple[Mail, str]]:
    """The server, and its address."""
    mail, loop = Mail(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mail, hostname="127.0.0.1", loop=loop), "127.0.0.1", 0)
    yield mail, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    mail.open.set()
    server.close()


@pytest.fixture
async def env(own_database: TestDatabase, mail: tuple[Mail, str], tmp_path: Path) -> dict[str, str]:
    """What a worker is started with, which finds letters to be sent."""
    async with house_over(own_database, tmp_path / "house") as house, house.client() as client:
        for number in range(LETTERS):
            order = {"tenantName": f"Office {number}", "email": f"owner{number}@example.com", "displayName": "Ada"}
            order |= {"password": "Correct-Horse-7", "agreeToTerms": True}  # type: ignore[dict-item]  # JSON holds both kinds
            answer = await client.post("/auth/register", json=order)
            assert answer.status_code == 202, answer.text
    return environment(own_database, SMTP_URL=mail[1])


async def test_told_to_stop_it_finishes_what_it_has_begun(
    mail: tuple[Mail, str], env: dict[str, str], tmp_path: Path
) -> None:
    server, _ = mail
    with running("worker", env, tmp_path) as worker:
        await until(server.has_begun)
        worker.process.send_signal(signal.SIGTERM)
        server.open.set()
        assert await asyncio.to_thread(worker.wait) == 0, worker.said
        assert server.begun == server.taken.total() > 0
    with running("worker", env, tmp_path):
        await until(server.has_all)
    assert set(server.taken.values()) == {1}


async def test_told_twice_it_waits_for_nobody_and_loses_no_letter(
    own_database: TestDatabase, mail: tuple[Mail, str], env: dict[str, str], tmp_path: Path
) -> None:
    """The mail server does not answer. A second word that comes with the first is its echo."""
    server, _ = mail
    with running("worker", env, tmp_path) as worker:
        await until(server.has_begun)
        worker.process.send_signal(signal.SIGTERM)
        worker.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            await asyncio.to_thread(worker.process.wait, timeout=2)
        worker.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(worker.wait) == 0, worker.said
        assert server.taken.total() == 0
    assert await rows(own_database.admin, "select from letters where state = 'calling'"), "it waited for an answer"
    server.open.set()
    with running("worker", env, tmp_path):
        await until(server.has_all, within=LEASE_AND_MORE)


async def test_killed_it_loses_no_letter(mail: tuple[Mail, str], env: dict[str, str], tmp_path: Path) -> None:
    server, _ = mail
    with running("worker", env, tmp_path) as worker:
        await until(server.has_begun)
        worker.kill()
    server.open.set()
    with running("worker", env, tmp_path):
        await until(server.has_all, within=LEASE_AND_MORE)
    assert set(server.taken.values()) <= {1, 2}

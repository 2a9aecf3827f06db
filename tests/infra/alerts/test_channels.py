"""Alerts reach their operators: by a real mail server, an HTTP address, a Sentry."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from infra.alerts.channels import MailedAlerts, SentryAlerts
from infra.alerts.posting import PostedAlerts
from infra.alerts.rules import Alert, State
from infra.mail.direct import DirectLetters
from infra.sandbox.mail import mail_server
from infra.sandbox.mailbox import SandboxMailbox
from infra.sentry import SentryReports
from tests.support.letters import smtp_post
from tests.support.listening import listener

ALERT = Alert(
    rule="outbox_age",
    source="worker",
    state=State.RAISED,
    value=75.5,
    threshold=60,
    unit="s",
    since=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
)


async def test_a_letter_says_what_is_wrong_and_since_when(tmp_path: Path) -> None:
    server = await mail_server(tmp_path / "mail", host="127.0.0.1", port=0)
    letters = DirectLetters(smtp_post(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    await MailedAlerts(letters, to="operator@example.com").tell(ALERT)
    server.close()
    await server.wait_closed()
    [mail] = SandboxMailbox(tmp_path / "mail").messages(to="operator@example.com", most=10)
    assert mail.subject == "Frontdesk: outbox_age raised in worker: 75.5 s, threshold 60"
    assert "Since November 21, 2026, 9:30\u00a0AM UTC." in mail.text
    assert "75.5 s" in mail.html


async def test_an_address_is_posted_json() -> None:
    with listener() as operator:
        await PostedAlerts(f"{operator.url}/hooks/secret").tell(ALERT)
    [told] = operator.told
    assert (told.method, told.path, told.headers["content-type"]) == ("POST", "/hooks/secret", "application/json")
    assert msgspec.json.decode(told.body) == {
        "text": ALERT.text,
        "rule": "outbox_age",
        "source": "worker",
        "state": "raised",
        "value": 75.5,
        "threshold": 60,
        "unit": "s",
        "since": "2026-11-21T09:30:00.000Z",
    }


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_an_address_that_does_not_take_it_is_a_failure(status: int) -> None:
    with listener() as operator:
        operator.status = status
        with pytest.raises(ConnectionError, match=str(status)) as failed:
            await PostedAlerts(f"{operator.url}/hooks/secret").tell(ALERT)
    assert "secret" not in str(failed.value)


async def test_sentry_is_told_a_message() -> None:
    with listener() as sentry:
        reports = SentryReports(f"http://key@127.0.0.1:{sentry.port}/7", role="worker", version="1", environment="test")
        await SentryAlerts(reports).tell(ALERT)
        reports.close()
        [told] = sentry.wait_for(1)
    assert ALERT.text.encode() in told.body
    assert b'"rule":"outbox_age"' in told.body

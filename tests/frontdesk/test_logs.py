"""Logs say which request and whose it was, and quote nobody: attacks C13 176 and C18 221."""

import errno
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
import structlog
from litestar import get
from sqlalchemy.exc import IntegrityError

from api.app import create_app
from api.edge import EdgeSettings
from domains.shared.ids import new_id
from frontdesk.logs import configure_logs
from frontdesk.settings import Settings
from frontdesk.tracebacks import traceback_of
from infra.sentry import SentryReports
from tests.api.toy import client_of, container_with
from tests.support.databases import TestDatabase
from tests.support.house import house_over
from tests.support.listening import listener
from tests.support.logs import log_plainly

HOSTILE = "forged\r\n2026 [error] \x1b[31m owned \x00" + "x" * 1_000_000


class Written:
    """Everything that this process logs, from DEBUG on."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Of JSON logs."""
        return [msgspec.json.decode(line) for line in self.text.splitlines()]


@pytest.fixture(params=["json", "console"])
def log_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def listen(written: Written, log_format: str, reports: SentryReports | None = None) -> None:
    given = {"LOG_FORMAT": log_format, "LOG_LEVEL": "DEBUG"}
    configure_logs(Settings.load(given, file=Path("no such file")), reports=reports, to=written.stream)
    structlog.configure(cache_logger_on_first_use=False)


@pytest.fixture
def written(log_format: str) -> Iterator[Written]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    found = Written()
    listen(found, log_format)
    yield found
    log_plainly()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


async def journey(database: TestDatabase, folder: Path) -> set[str]:
    """From the registration to a customer, with mistakes on the way; gives all that nobody may find in a log."""
    email, password, person, business = (
        f"ada-{new_id()}@secret.example.com",
        "Correct-Horse-7",
        "Ada Lovelace",
        "Zuse Works",
    )
    order = {"tenantName": business, "email": email, "password": password, "displayName": person, "agreeToTerms": True}
    customer = {
        "name": "Grace Hopper",
        "emails": ["grace@navy.example.com"],
        "notes": "keeps bugs",
        "phones": ["+12125550123"],
    }
    async with house_over(database, folder) as house, house.client() as client:
        for _ in range(2):
            assert (await client.post("/auth/register", json=order)).status_code == 202
            await house.follow_up()
        codes = [found[0] for mail in house.mail_to(email) if (found := re.search(r"\b\d{6}\b", mail.text))]
        await client.post("/auth/login", json={"email": email, "password": "Wrong-Horse-8"})
        await client.post("/auth/verify-email", json={"email": email, "code": "not a code"})
        verified = await client.post(
            "/auth/verify-email", json={"email": email, "code": codes[0], "password": password}
        )
        again = await client.post("/auth/login", json={"email": email, "password": password})
        tokens = [verified.json()["accessToken"], again.json()["accessToken"]]
        headers = {"Authorization": f"Bearer {tokens[0]}"}
        made = await client.post("/customers", json=customer, headers=headers)
        assert made.status_code == 201, made.text
        await client.post("/customers", json={**customer, "surprise": "Wrong-Horse-8"}, headers=headers)
        await client.get("/customers?search=Hopper", headers=headers)
        await client.get("/customers", headers={"Authorization": f"Bearer {tokens[0]}x"})
        await client.patch(f"/customers/{made.json()['id']}", json={"notes": "keeps no bugs"}, headers=headers)
        await house.follow_up()
    return {
        email, "secret.example", password, "Wrong-Horse-8", person, "Lovelace", business, *codes, *tokens,
        *(token.split(".")[-1] for token in tokens), "Hopper", "navy.example", "bugs", "2125550123",
    }  # fmt: skip


async def test_a_whole_journey_leaves_no_word_of_anybody(
    own_database: TestDatabase, tmp_path: Path, written: Written
) -> None:
    secrets = await journey(own_database, tmp_path)
    assert written.text.count("/api/v1/customers") >= 5
    assert len(secrets) > 12
    assert [secret for secret in secrets if secret.lower() in written.text.lower()] == []


@get("/boom", opt={"public": True})
async def boom() -> None:
    """Fail while quoting."""
    raise asyncpg.UniqueViolationError(f"Key (email)=({HOSTILE}) already exists.")


@get("/quiet", opt={"public": True})
async def quiet() -> None:
    """Log a line of one's own."""
    structlog.get_logger("handler").info("at_work")


async def test_every_500_is_found_in_the_log_by_its_request_id(written: Written) -> None:
    app = create_app(routes=[boom], container=container_with(), edge=EdgeSettings(version="1"))
    async with client_of(app) as client:
        answer = await client.get("/api/v1/boom")
    assert answer.status_code == 500
    assert written.text.count(answer.json()["requestId"]) == 2
    assert "in boom" in written.text
    assert "asyncpg.exceptions.UniqueViolationError" in written.text
    assert len(written.text) < 30_000
    assert "forged" not in written.text
    assert "\x1b" not in written.text


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
async def test_what_is_logged_inside_a_request_names_it(written: Written) -> None:
    app = create_app(routes=[quiet], container=container_with(), edge=EdgeSettings(version="1"))
    async with client_of(app) as client:
        answer = await client.get("/api/v1/quiet")
    line, access = written.lines
    assert (line["message"], line["request_id"]) == ("at_work", answer.headers["x-request-id"])
    assert access["message"] == "request"
    structlog.get_logger("later").info("after")
    assert written.lines[-1].keys() == {"message", "level", "timestamp"}


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
async def test_what_a_caller_s_request_logs_names_tenant_and_user(
    own_database: TestDatabase, tmp_path: Path, written: Written
) -> None:
    await journey(own_database, tmp_path)
    made = [line for line in written.lines if line.get("status") == 201]
    assert {"request_id", "tenant_id", "user_id", "method", "route", "duration_ms"} <= made[0].keys()


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
def test_hostile_values_stay_inside_their_line(written: Written) -> None:
    structlog.get_logger("any").error("event", field=HOSTILE)
    logging.getLogger("theirs").warning("they say %s", HOSTILE)
    assert len(written.lines) == 2
    assert "\x1b" not in written.text
    assert "\x00" not in written.text


def test_others_are_heard_from_warnings_on(written: Written) -> None:
    for name in ("httpx", "sqlalchemy.engine", "urllib3.connectionpool", "aiosmtplib", "anything"):
        logging.getLogger(name).info("POST https://chat.example.com/hooks/secret")
        logging.getLogger(name).debug("secret")
    assert written.text == ""
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("anything").warning("wary")
    assert "Started" in written.text
    assert "wary" in written.text


def failing(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause  # noqa: TRY301 - raised only to get its traceback
    except BaseException as raised:  # noqa: BLE001 - it is what was asked for
        return raised


@pytest.mark.parametrize(
    "error",
    [
        ValueError("Hopper"),
        KeyError("Hopper"),
        OSError(2, "No such file", "Hopper"),
        UnicodeDecodeError("utf-8", b"Hopper", 0, 1, "Hopper"),
        asyncpg.UniqueViolationError("Hopper"),
        IntegrityError("insert Hopper", {"name": "Hopper"}, ValueError("Hopper")),
        ExceptionGroup("Hopper", [ValueError("Hopper"), OSError("Hopper")]),
        RuntimeError("x" * 10_000_000),
    ],
)
def test_a_traceback_does_not_quote(error: BaseException) -> None:
    told = traceback_of(failing(error, failing(ValueError("Hopper"))))
    assert "Hopper" not in told
    assert type(error).__name__ in told
    assert "ValueError" in told
    assert "raise error from cause" in told
    assert len(told) < 10_000


def test_what_our_code_says_is_shown_on_one_line() -> None:
    told = traceback_of(failing(RuntimeError("This work\r\n\x1b[31m is under way")))
    assert told.splitlines()[-1] == r"RuntimeError: 'This work\r\n\x1b[31m is under way'"


def test_codes_are_shown_and_only_codes() -> None:
    error = asyncpg.UniqueViolationError("Hopper")
    error.constraint_name = "customers_key"
    assert traceback_of(error).endswith("UniqueViolationError sqlstate=23505 constraint_name=customers_key")
    error.constraint_name = "a\nforged line"
    assert "forged" not in traceback_of(error)


def test_an_endless_chain_ends() -> None:
    one, two = ValueError("1"), ValueError("2")
    one.__context__, two.__context__ = two, one
    assert traceback_of(one).count("ValueError") == 10


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
def test_errors_with_an_exception_are_reported_and_nothing_else(written: Written) -> None:
    with listener() as sentry:
        dsn = f"http://key@127.0.0.1:{sentry.port}/1"
        reports = SentryReports(dsn, role="api", version="1", environment="test")
        listen(written, "json", reports)
        log, error = structlog.get_logger("api"), failing(ValueError("Hopper"))
        log.warning("expected", exc_info=error)
        log.error("refused")
        log.error("unhandled_exception", exc_info=error, request_id="abc-123")
        logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
        reports.close()
        told = sentry.wait_for(2)
    assert [b'"logged_as":"unhandled_exception"' in each.body for each in told] == [True, False]
    assert all(b"Hopper" not in each.body for each in told)
    assert b'"request_id":"abc-123"' in told[0].body


class Cramped(io.StringIO):
    """A disk that may be full."""

    is_full = True

    def write(self, text: str) -> int:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


@pytest.mark.usefixtures("written")
def test_a_full_disk_loses_lines_and_nothing_else() -> None:
    """Once there is room, what comes next is written."""
    disk = Cramped()
    configure_logs(Settings.load({}, file=Path("no such file")), to=disk)
    structlog.configure(cache_logger_on_first_use=False)
    structlog.get_logger("test").warning("lost")
    disk.is_full = False
    structlog.get_logger("test").warning("kept")
    assert "lost" not in disk.getvalue()
    assert "kept" in disk.getvalue()


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
@pytest.mark.parametrize("value", ["caf\u00e9\u2028", "half \ud800", 2**70, {1, 2}, RuntimeError("x")])
def test_a_json_line_is_one_of_ascii_whatever_is_logged(written: Written, value: object) -> None:
    structlog.get_logger("test").info("said", value=value)
    assert written.text.isascii()
    assert set(json.loads(written.text)) == {"value", "level", "timestamp", "message"}

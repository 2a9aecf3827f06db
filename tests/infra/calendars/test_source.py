"""Fetching calendars: what was asked before, and servers that mean harm."""

from datetime import UTC, datetime, timedelta

import pytest

from domains.appointments import Span
from domains.appointments.imported_calendars import Found, NotRead, ReadFailure, Wanted
from infra.calendars.source import HttpCalendars
from infra.outer_http import OuterHttp
from tests.support.calendar_server import busy_from, calendar_of, calendar_server, event
from tests.support.names import Names

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
LUNCH = Span(BEGIN + timedelta(hours=12), BEGIN + timedelta(hours=13))
LUNCHES = calendar_of(busy_from(LUNCH.start, LUNCH.end))
INNER = HttpCalendars(OuterHttp(inner_allowed=True), cpu_seconds=2)


def wanted(url: str, *, etag: str | None = None, modified: str | None = None) -> Wanted:
    during = Span(BEGIN, BEGIN + timedelta(days=800))
    return Wanted(url=url, zone="America/New_York", during=during, etag=etag, modified=modified)


async def failure(source: HttpCalendars, url: str) -> ReadFailure:
    with pytest.raises(NotRead) as refusal:
        await source.read(wanted(url))
    return refusal.value.why


async def test_only_times_come_back_and_what_to_ask_with() -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Mon, 02 Mar 2026 00:00:00 GMT"}
    async with calendar_server(LUNCHES, headers=headers) as server:
        found = await INNER.read(wanted(server.url))
        assert found == Found((LUNCH,), '"v1"', "Mon, 02 Mar 2026 00:00:00 GMT")
        assert await INNER.read(wanted(server.url, etag=found.etag, modified=found.modified)) is None
    assert "If-None-Match" not in server.asked[0]
    assert {'If-None-Match: "v1"', "If-Modified-Since: Mon, 02 Mar 2026 00:00:00 GMT"} <= set(
        server.asked[1].split("\r\n")
    )


@pytest.mark.parametrize(
    ("status", "headers", "document", "expected"),
    [
        ("404 Not Found", {}, b"", ReadFailure.REFUSED),
        ("304 Not Modified", {}, b"", ReadFailure.REFUSED),
        ("200 OK", {}, b"<html>Log in</html>", ReadFailure.NOT_A_CALENDAR),
        ("200 OK", {"Content-Encoding": "gzip"}, LUNCHES, ReadFailure.UNREACHABLE),
        ("200 OK", {}, LUNCHES + b" " * 5_000_000, ReadFailure.TOO_LARGE),
        ("302 Found", {"Location": "file:///etc/passwd"}, b"", ReadFailure.ADDRESS_NOT_ALLOWED),
        ("302 Found", {"Location": "gopher://127.0.0.1:6379/_FLUSHALL"}, b"", ReadFailure.ADDRESS_NOT_ALLOWED),
        ("302 Found", {"Location": "http://user:password@127.0.0.1/"}, b"", ReadFailure.ADDRESS_NOT_ALLOWED),
        ("302 Found", {"Location": "/again"}, b"", ReadFailure.ADDRESS_NOT_ALLOWED),
        ("302 Found", {"Location": "http://[bad/"}, b"", ReadFailure.UNREACHABLE),
    ],
)
async def test_a_server_that_means_harm(
    status: str, headers: dict[str, str], document: bytes, expected: ReadFailure
) -> None:
    async with calendar_server(document, status=status, headers=headers) as server:
        assert await failure(INNER, server.url) is expected
    assert len(server.asked) <= 4


SECONDLY = calendar_of(event("DTSTART:19700101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=2"))
DEEP = calendar_of([*["BEGIN:VEVENT"] * 50_000])
MANY = calendar_of(
    *[event("DTSTART:20260302T000000Z", "DURATION:PT1S", "RRULE:FREQ=HOURLY", uid=str(at)) for at in range(500)]
)
TOO_MUCH = {ReadFailure.TOO_COMPLEX, ReadFailure.NOT_A_CALENDAR}


@pytest.mark.parametrize("document", [SECONDLY, DEEP, MANY], ids=["secondly", "deep", "many"])
async def test_a_document_that_takes_too_long_ends_a_process_and_not_ours(document: bytes) -> None:
    async with calendar_server(document) as server:
        assert await failure(INNER, server.url) in TOO_MUCH
        server.document = LUNCHES
        assert await INNER.read(wanted(server.url)) == Found((LUNCH,))


async def test_nothing_of_the_inner_network_is_asked() -> None:
    outer = HttpCalendars(OuterHttp(inner_allowed=False))
    async with calendar_server(LUNCHES) as server:
        for url in (
            server.url,
            server.url.replace("http:", "https:"),
            f"https://127.0.0.1:{server.port}/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://2130706433/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
            "http://example.com/",
            "https://example.com:8443/",
        ):
            assert await failure(outer, url) is ReadFailure.ADDRESS_NOT_ALLOWED, url
    assert server.asked == []


async def test_a_name_is_resolved_once_and_judged_by_all_that_it_leads_to() -> None:
    names = Names({"here.invalid": [["127.0.0.1"], ["192.0.2.1"]], "both.invalid": [["8.8.8.8", "10.0.0.1"]]})
    outer = HttpCalendars(OuterHttp(inner_allowed=False, resolving=names))
    inner = HttpCalendars(OuterHttp(inner_allowed=True, resolving=names), cpu_seconds=2)
    async with calendar_server(LUNCHES) as server:
        assert await inner.read(wanted(f"http://here.invalid:{server.port}/")) == Found((LUNCH,))
    assert await failure(outer, "https://both.invalid/") is ReadFailure.ADDRESS_NOT_ALLOWED
    assert names.asked == ["here.invalid", "both.invalid"]
    assert [request.splitlines()[1] for request in server.asked] == [f"Host: here.invalid:{server.port}"]


async def test_nobody_listens_and_nobody_answers_to_the_name() -> None:
    async with calendar_server() as server:
        port = server.port
    assert await failure(INNER, f"http://127.0.0.1:{port}/") is ReadFailure.UNREACHABLE
    assert await failure(INNER, "https://nobody.invalid/") is ReadFailure.UNREACHABLE

"""ETag and If-Match."""

import httpx
import pytest

from api.etag import etag, expected_versions
from domains.shared.errors import ValidationFailed
from tests.api.toy import KNOWN

ADDRESS = f"/api/v1/things/{KNOWN}"


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        (etag(3), {3}),
        ('"3", "4"', {3, 4}),
        ('"3","4"', {3, 4}),
        ('W/"3"', set()),
        ('W/"3", "4"', {4}),
        ('"abc"', set()),
        ('"3,4", "5"', {5}),
        ('"03"', set()),
        ('""', set()),
        ('"99999999999999999999"', set()),
    ],
)
def test_if_match_lists_versions(header: str | None, versions: set[int] | None) -> None:
    assert expected_versions(header) == versions


@pytest.mark.parametrize("header", ["", "3", '"3', '"3" "4"', '"3",', "*, *", '*, "3"', 'w/"3"', "'3'"])
def test_a_malformed_if_match_is_refused(header: str) -> None:
    with pytest.raises(ValidationFailed):
        expected_versions(header)


async def test_the_tag_of_an_answer_is_what_if_match_takes(client: httpx.AsyncClient) -> None:
    shown = await client.get(ADDRESS)
    assert shown.headers["etag"] == '"3"'
    changed = await client.patch(ADDRESS, json={"name": "new"}, headers={"if-match": shown.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"4"'


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [('"2"', 412, "version_conflict"), ('W/"3"', 412, "version_conflict"), ("3", 400, "validation_error")],
)
async def test_another_tag_changes_nothing(client: httpx.AsyncClient, header: str, status: int, code: str) -> None:
    answer = await client.patch(ADDRESS, json={"name": "new"}, headers={"if-match": header})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_creation_says_where(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/things", json={"name": "x"})
    assert answer.status_code == 201
    assert answer.headers["location"] == ADDRESS
    assert answer.headers["etag"] == '"1"'

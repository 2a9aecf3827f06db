"""Cursors are opaque, and good only for what they were given out for."""

import base64
from uuid import UUID

import httpx
import pytest

from api.paging import Cursors, Listing, order_of
from domains.shared.errors import InvalidCursor
from tests.api.toy import ADA, SECRET

CURSORS = Cursors(SECRET)
LISTING = Listing.of("listThings", ADA, sort="-createdAt", search="a")
POSITION = ("2026-11-21T09:30:00.000Z", "01920000-0000-7000-8000-000000000001")
CURSOR = CURSORS.encode(POSITION, LISTING)

OTHER_LISTINGS = [
    pytest.param(Listing.of("listOthers", ADA, sort="-createdAt", search="a"), id="operation"),
    pytest.param(Listing.of("listThings", ADA, sort="createdAt", search="a"), id="sort"),
    pytest.param(Listing.of("listThings", ADA, sort="-createdAt", search="b"), id="filter"),
    pytest.param(Listing.of("listThings", ADA, sort="-createdAt"), id="no-filter"),
    pytest.param(
        Listing(operation="listThings", tenant=UUID(int=9), user=ADA.user, sort="-createdAt", filters=LISTING.filters),
        id="tenant",
    ),
    pytest.param(
        Listing(
            operation="listThings", tenant=ADA.tenant, user=UUID(int=9), sort="-createdAt", filters=LISTING.filters
        ),
        id="user",
    ),
]


def flipped(position: int) -> str:
    other = "A" if CURSOR[position] != "A" else "B"
    return CURSOR[:position] + other + CURSOR[position + 1 :]


def test_a_cursor_leads_back_to_its_position() -> None:
    assert CURSORS.decode(CURSOR, LISTING) == POSITION
    assert CURSOR.isascii()
    assert not set(CURSOR) & set("+/=& ")


@pytest.mark.parametrize("listing", OTHER_LISTINGS)
def test_a_cursor_is_good_for_nothing_else(listing: Listing) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.decode(CURSOR, listing)


def test_a_cursor_of_another_installation_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        Cursors(b"another secret of ours").decode(CURSOR, LISTING)


def test_each_changed_character_is_noticed() -> None:
    for position in range(len(CURSOR)):
        with pytest.raises(InvalidCursor):
            CURSORS.decode(flipped(position), LISTING)


@pytest.mark.parametrize(
    "text",
    ["", "x", "!!!!", CURSOR[:-1], CURSOR + "A", CURSOR + "=", CURSOR + "\n", " " + CURSOR, "é", "x" * 999,
     base64.urlsafe_b64encode(b'["a","b"]').decode()],
)  # fmt: skip
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.decode(text, LISTING)


async def test_the_next_cursor_of_an_answer_is_taken_and_a_bad_one_is_a_400(client: httpx.AsyncClient) -> None:
    first = (await client.get("/api/v1/things?search=a")).json()
    assert first["items"]
    following = await client.get("/api/v1/things", params={"search": "a", "cursor": first["nextCursor"]})
    assert following.status_code == 200
    for query in ({"search": "b", "cursor": first["nextCursor"]}, {"search": "a", "cursor": "made-up"}):
        refused = await client.get("/api/v1/things", params=query)
        assert refused.status_code == 400
        assert refused.json()["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("sort", "order"),
    [("-createdAt", ("created_at", True)), ("createdAt", ("created_at", False)), ("name", ("name", False))],
)
def test_a_sort_names_a_field_and_a_direction(sort: str, order: tuple[str, bool]) -> None:
    assert order_of(sort) == order

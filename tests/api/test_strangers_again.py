"""What strangers send again takes effect once; and no key reaches what another slug or token has. Decision 7."""

import asyncio
import re
from collections import Counter
from functools import partial

import pytest

from tests.support.calendars import Desk, new_desk
from tests.support.days import ELEVEN
from tests.support.house import House
from tests.support.people import Tenant, new_tenant
from tests.support.quotes import a_customer, a_quote, moved
from tests.support.races import patiently
from tests.support.stories import inspector
from tests.support.visitors import book_online, post

SIGNED = {"name": "Ada Lovelace", "signature": "Ada Lovelace"}


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant, bookableOnline=True, bufferAfter=0)


async def test_a_booking_that_is_sent_again_is_answered_as_before_and_its_token_is_not_kept(desk: Desk) -> None:
    first, again = await book_online(desk, key="k"), await book_online(desk, key="k")
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert (again.headers["Idempotency-Replayed"], first.headers.get("Idempotency-Replayed")) == ("true", None)
    other = await book_online(desk, key="k", startsAt=ELEVEN)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await book_online(desk, key="other")).status_code == 409
    async with inspector(desk.house) as admin:
        kept = await admin.fetch(
            "select caller_id, result::text from idempotency_keys where tenant_id = $1", desk.tenant.id
        )
    assert [row["caller_id"] for row in kept] == [desk.tenant.id]
    assert first.json()["token"] not in kept[0]["result"]


async def test_a_refusal_is_not_kept_for_strangers_either(desk: Desk) -> None:
    refused = await book_online(desk, key="k", email="nobody")
    assert refused.status_code == 400
    assert (await book_online(desk, key="k")).status_code == 201


async def test_many_with_one_key_book_once(desk: Desk) -> None:
    answers = await asyncio.gather(*[patiently(partial(book_online, desk, key="k")) for _ in range(10)])
    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409}
    assert len({answer.json()["token"] for answer in answers if answer.status_code == 201}) == 1
    async with desk.client() as client:
        assert len((await client.get("/appointments")).json()["items"]) == 1


async def test_a_key_of_one_business_is_another_s_too(desk: Desk, house: House) -> None:
    other = await new_desk(house, await new_tenant(house), bookableOnline=True, bufferAfter=0)
    first, second = await book_online(desk, key="k"), await book_online(other, key="k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in second.headers
    assert first.json()["token"] != second.json()["token"]


async def link_of(house: House, tenant: Tenant, customer: str) -> str:
    made = await a_quote(house, tenant, customerId=customer)
    sent = await moved(house, tenant, made["id"], "sent")
    found = re.search(r"#token=([\w-]+)", sent["publicUrl"])
    assert found
    return f"/public/quotes/{found[1]}"


async def test_a_quote_is_answered_once_and_each_token_has_keys_of_its_own(desk: Desk, house: House) -> None:
    customer = await a_customer(house, desk.tenant)
    one, two = await link_of(house, desk.tenant, customer), await link_of(house, desk.tenant, customer)
    first, again = [await post(desk, f"{one}/accept", SIGNED, key="k") for _ in range(2)]
    assert (first.status_code, again.json()) == (200, first.json()), first.text
    assert again.headers["Idempotency-Replayed"] == "true"
    reused = await post(desk, f"{one}/accept", {**SIGNED, "name": "Eve"}, key="k")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    second = await post(desk, f"{two}/accept", SIGNED, key="k")
    assert (second.status_code, "Idempotency-Replayed" in second.headers) == (200, False)
    rejected = await post(desk, f"{two}/reject", {"reason": "Too expensive"}, key="k")
    assert (rejected.status_code, rejected.json()["code"]) == (422, "invalid_transition")


async def test_a_malformed_key_of_a_stranger_is_refused(desk: Desk) -> None:
    answer = await book_online(desk, key="two words")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Idempotency-Key")


async def test_erasing_the_customer_forgets_what_strangers_were_answered(desk: Desk) -> None:
    assert (await book_online(desk, key="k")).status_code == 201
    async with desk.client() as client:
        (visit,) = (await client.get("/appointments")).json()["items"]
        assert (await client.post(f"/customers/{visit['customerId']}/erase")).is_success
    async with inspector(desk.house) as admin:
        kept = await admin.fetchval("select count(*) from idempotency_keys where tenant_id = $1", desk.tenant.id)
        contacts = await admin.fetchval("select count(contact) from appointments where tenant_id = $1", desk.tenant.id)
    assert (kept, contacts) == (0, 0)

"""Quotes on their way to customers: mailed with a link, shown, accepted or rejected by whoever has it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domains.identity import LinkToken
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer, a_quote, moved
from tests.support.stories import events_of, inspector

SIGNED = {"name": " Ada Lovelace ", "signature": "data:image/png;base64,iVBORw0KGgo="}
Json = dict[str, Any]


def token_of(quote: Json) -> LinkToken:
    return str(quote["publicUrl"]).partition("#token=")[2]


async def offered(house: House, tenant: Tenant, **fields: Any) -> tuple[Json, str]:
    """A quote that is sent, and the address under which its customer sees it."""
    quote = await moved(house, tenant, (await a_quote(house, tenant, **fields))["id"], "sent")
    return quote, f"/public/quotes/{token_of(quote)}"


async def looked(house: House, path: str) -> tuple[int, Json]:
    """As a stranger."""
    async with house.client() as client:
        answer = await client.get(path)
    return answer.status_code, dict(answer.json())


async def answered(house: House, path: str, **body: Any) -> tuple[int, Json]:
    """As a stranger."""
    async with house.client() as client:
        answer = await client.post(path, json=body)
    return answer.status_code, dict(answer.json())


async def test_a_draft_is_sent_by_mail_with_its_number_and_link(house: House, tenant: Tenant) -> None:
    address = f"begona@{tenant.slug}.example.com"
    customer = await a_customer(house, tenant, name="Begoña", emails=[address], preferredLanguage="es")
    made = await a_quote(house, tenant, customerId=customer, validUntil="2999-12-31")
    assert made["publicUrl"] is None
    async with house.client(tenant.owner.token) as client:
        answer = await client.post(f"/quotes/{made['id']}/send", headers={"Idempotency-Key": "k"})
        again = await client.post(f"/quotes/{made['id']}/send", headers={"Idempotency-Key": "k"})
        shown = (await client.get(f"/quotes/{made['id']}")).json()
    assert (answer.status_code, answer.json()["status"], answer.json()) == (200, "sent", shown)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (shown, "true")
    await house.follow_up()
    (letter,) = house.mail_to(address)
    assert letter.subject == f"Presupuesto {shown['number']} de {tenant.slug}"
    for part in ("Hola, Begoña", "120,00", shown["publicUrl"], "31 de diciembre de 2999"):
        assert part in letter.text
    async with house.client(tenant.owner.token) as client:
        third = await client.post(f"/quotes/{made['id']}/send")
    await house.follow_up()
    assert (third.json(), len(house.mail_to(address))) == (shown, 2)


async def test_who_has_no_address_gets_no_letter_and_the_draft_stays_one(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        answer = await client.post(f"/quotes/{made['id']}/send")
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert (await client.get(f"/quotes/{made['id']}")).json() == made


async def test_what_is_decided_is_not_sent_again(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant, emails=["somebody@example.com"])
    quote, _ = await offered(house, tenant, customerId=customer)
    await moved(house, tenant, quote["id"], "rejected")
    async with house.client(tenant.owner.token) as client:
        answer = await client.post(f"/quotes/{quote['id']}/send")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_transition")


async def test_whoever_has_the_link_sees_the_offer_and_nothing_of_the_inside(house: House, tenant: Tenant) -> None:
    quote, path = await offered(house, tenant, notes="Ring twice.", validUntil="2999-12-31")
    status, shown = await looked(house, path)
    assert (status, shown["business"], shown["total"], shown["number"]) == (200, tenant.slug, 12_000, quote["number"])
    assert {name: quote[name] for name in shown if name != "business"} == {
        name: value for name, value in shown.items() if name != "business"
    }
    assert not {"id", "customerId", "publicUrl", "rejectReason", "signature", "version"} & shown.keys()


async def test_who_accepts_signs_and_chooses(house: House, tenant: Tenant) -> None:
    option = {**ITEM, "optional": True, "selected": True}
    quote, path = await offered(house, tenant, items=[ITEM, option, option], discount={"amount": 1000})
    wanted = quote["items"][2]["id"]
    status, shown = await answered(house, f"{path}/accept", **SIGNED, optionalItemIds=[wanted])
    assert (status, shown["status"], shown["acceptedBy"]) == (200, "accepted", "Ada Lovelace")
    assert [item["selected"] for item in shown["items"]] == [True, False, True]
    assert (shown["subtotal"], shown["discountTotal"], shown["total"]) == (20_000, 1000, 22_800)
    async with house.client(tenant.owner.token) as client:
        inside = (await client.get(f"/quotes/{quote['id']}")).json()
        timeline = (await client.get(f"/customers/{quote['customerId']}/timeline")).json()["items"]
    assert (inside["signature"], inside["acceptedAt"], inside["version"]) == (
        SIGNED["signature"],
        shown["acceptedAt"],
        3,
    )
    assert (timeline[0]["kind"], timeline[0]["actorId"]) == ("quote_accepted", None)
    assert await answered(house, f"{path}/accept", **SIGNED) == (200, shown)
    status, refused = await answered(house, f"{path}/accept", **{**SIGNED, "name": "Mallory"})
    assert (status, refused["code"]) == (409, "conflict")
    assert await looked(house, path) == (200, shown)
    assert (await answered(house, f"{path}/reject", reason="no"))[1]["code"] == "invalid_transition"


async def test_a_fixed_discount_takes_no_more_than_what_was_chosen(house: House, tenant: Tenant) -> None:
    option = {**ITEM, "optional": True, "selected": True}
    _, path = await offered(house, tenant, items=[option], discount={"amount": 9000})
    status, shown = await answered(house, f"{path}/accept", **SIGNED, optionalItemIds=[])
    assert (status, shown["total"], shown["items"][0]["selected"]) == (200, 0, False)


async def test_who_rejects_may_say_why(house: House, tenant: Tenant) -> None:
    quote, path = await offered(house, tenant)
    status, shown = await answered(house, f"{path}/reject", reason="Too dear")
    assert (status, shown["status"]) == (200, "rejected")
    assert await answered(house, f"{path}/reject", reason="Other") == (200, shown)
    assert (await answered(house, f"{path}/accept", **SIGNED))[1]["code"] == "invalid_transition"
    async with house.client(tenant.owner.token) as client:
        assert (await client.get(f"/quotes/{quote['id']}")).json()["rejectReason"] == "Too dear"


WRONG = [
    ({"name": "", "signature": "x"}, "name", "too_short"),
    ({"name": "  ", "signature": "x"}, "name", "too_short"),
    ({"name": "Ada", "signature": ""}, "signature", "too_short"),
    ({"name": "Ada"}, "signature", "required"),
    ({"name": "Ada", "signature": "data:text/html,<script>alert(1)</script>"}, "signature", "invalid_format"),
    ({"name": "Ada", "signature": " DATA:image/svg+xml;base64,PHN2Zz4="}, "signature", "invalid_format"),
    ({"name": "Ada", "signature": "x", "total": 1}, "total", "unknown_field"),
]


@pytest.mark.parametrize(("body", "field", "code"), WRONG)
async def test_what_is_no_acceptance_changes_nothing(
    house: House, tenant: Tenant, body: Json, field: str, code: str
) -> None:
    quote, path = await offered(house, tenant)
    status, problem = await answered(house, f"{path}/accept", **body)
    assert (status, [(each["field"], each["code"]) for each in problem["errors"]]) == (400, [(field, code)])
    plain = quote["items"][0]["id"]
    status, problem = await answered(house, f"{path}/accept", **SIGNED, optionalItemIds=[plain])
    assert (status, [each["field"] for each in problem["errors"]]) == (400, ["optionalItemIds"])
    async with house.client(tenant.owner.token) as client:
        assert (await client.get(f"/quotes/{quote['id']}")).json() == quote


@pytest.mark.parametrize("by_hand", [False, True])
async def test_what_is_over_is_gone(house: House, tenant: Tenant, by_hand: bool) -> None:
    quote, path = await offered(house, tenant, validUntil="2999-12-31")
    if by_hand:
        await moved(house, tenant, quote["id"], "expired")
    else:
        yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
        async with inspector(house) as admin:
            await admin.execute("update quotes set valid_until = $2 where id = $1", UUID(quote["id"]), yesterday)
    for answer in (
        await looked(house, path),
        await answered(house, f"{path}/accept", **SIGNED),
        await answered(house, f"{path}/reject", reason="late"),
    ):
        assert (answer[0], answer[1]["code"]) == (410, "expired")


@pytest.mark.parametrize("change", [lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda _: "x" * 43,
                                    lambda token: token[:-1], lambda _: "a%00b"])  # fmt: skip
async def test_a_tampered_link_leads_nowhere(house: House, tenant: Tenant, change: Any) -> None:
    quote, _ = await offered(house, tenant)
    path = f"/public/quotes/{change(token_of(quote))}"
    for answer in (await looked(house, path), await answered(house, f"{path}/accept", **SIGNED)):
        assert answer[0] in {400, 404}
    async with house.client(tenant.owner.token) as client:
        assert (await client.get(f"/quotes/{quote['id']}")).json() == quote


async def test_the_token_rests_locked_and_stands_in_no_log_and_no_stored_answer(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant, emails=["somebody@example.com"])
    made = await a_quote(house, tenant, customerId=customer)
    async with house.client(tenant.owner.token) as client:
        quote = (await client.post(f"/quotes/{made['id']}/send", headers={"Idempotency-Key": "k"})).json()
        log = (await client.get("/admin/audit-log", params={"subject": made["id"]})).text
    token = token_of(quote)
    assert len(token) == 43
    assert token not in log
    async with inspector(house) as admin:
        for table in ("quotes", "events", "audit_log", "idempotency_keys", "directory.routes"):
            rows = await admin.fetch(f"select t::text as text from {table} t where tenant_id = $1", tenant.id)
            assert rows
            assert not [row for row in rows if token in row["text"]], table


async def test_of_a_customer_and_a_colleague_who_decide_at_once_one_does(house: House, tenant: Tenant) -> None:
    quote, path = await offered(house, tenant)
    status = f"/quotes/{quote['id']}/status"
    async with house.client(tenant.owner.token) as staff, house.client() as stranger:
        answers = await asyncio.gather(
            *(stranger.post(f"{path}/accept", json=SIGNED) for _ in range(5)),
            *(stranger.post(f"{path}/reject", json={}) for _ in range(5)),
            *(staff.patch(status, json={"status": "expired"}) for _ in range(5)),
        )
    assert {answer.status_code for answer in answers} <= {200, 410, 422}
    assert len({answer.json()["status"] for answer in answers if answer.status_code == 200}) == 1
    events = [event["type"] for event in await events_of(house, tenant) if event["subject_id"] == UUID(quote["id"])]
    assert len(events) == 3

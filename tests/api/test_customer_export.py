"""Exporting customers: what an import makes the same customers of, and no spreadsheet runs."""

import asyncio
import csv
import io
import random
from typing import Any

import pytest

from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.imports import Json, customers_of, imported
from tests.support.people import Person, Tenant
from tests.support.stories import inspector

FILL = """
    insert into customers (tenant_id, id, name, emails, phones, addresses, tags, custom, created_at, updated_at)
    select $1, gen_random_uuid(), 'C' || n, '{}', '{}', '[]', case when n % 2 = 0 then '{even}' else '{}' end::text[],
        '{}', now() - n * interval '1 hour', now()
"""
STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'=", "'"]


async def exported(house: House, person: Person, **params: str) -> str:
    async with house.client(person.token) as client:
        answer = await client.get("/customers/export", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="customers.csv"'
    return answer.text


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def less(customer: Json) -> Json:
    return {name: value for name, value in customer.items() if name not in {"id", "createdAt", "updatedAt", "version"}}


async def create(house: House, person: Person, *bodies: Json) -> None:
    async with house.client(person.token) as client:
        for body in bodies:
            answer = await client.post("/customers", json=body)
            assert answer.status_code == 201, answer.text


FULL: Json = {
    "name": "Ada; Lovelace",
    "company": "A, B & \"C\"",
    "emails": ["ada@example.com", "ada@work.example"],
    "phones": ["+12125550101", "+4915112345678"],
    "addresses": [
        {"street": "12 Way", "city": "New York", "state": "NY", "zipCode": "00101", "country": "US"},
        {"street": "=cmd|'/c calc'!A1", "city": "Köln"},
        {"country": "DE"},
    ],
    "tags": ["a, b", "c;d", "e\\", "=f"],
    "notes": "one\r\ntwo;\nthree, \"four\"",
    "preferredLanguage": "pt-BR",
    "source": "web",
    "custom": {"code": "0042", "number": 42, "text": "42", "half": 1.5, "yes": True, "word": "true", "none": None,
               "empty": "", "blank": " x ", "quoted": '"x"', "sum": "=1+1", "minus": -5},
}  # fmt: skip


async def test_an_import_makes_the_same_customers_of_an_export(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    choice = random.Random(7)  # noqa: S311 - the same texts each time
    odd = [
        {"name": f"{start.strip() or 'x'}{at}", "notes": f"{start}{choice.random()}", "tags": [f"{start.strip()}t"]}
        for at, start in enumerate(STARTS)
    ]
    await create(house, tenant.owner, FULL, {"company": "Bare"}, *odd)
    job = await imported(house, other_tenant.owner, await exported(house, tenant.owner))
    assert (job["result"]["counts"]["created"], job["errors"]) == (2 + len(odd), [])
    before, after = await customers_of(house, tenant.owner), await customers_of(house, other_tenant.owner)
    assert {name: less(each) for name, each in after.items()} == {name: less(each) for name, each in before.items()}


@pytest.mark.parametrize("start", STARTS[:-1])
async def test_no_cell_is_one_that_a_spreadsheet_would_run(house: House, tenant: Tenant, start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    line = text.strip() if start.strip() else f"x{text.strip()}"
    await create(house, tenant.owner, {"name": line, "company": line, "notes": text, "tags": [line], "source": line,
                                       "custom": {"a": text}, "addresses": [{"street": line}]})  # fmt: skip
    found = await exported(house, tenant.owner)
    cells = [cell for row in csv.reader(io.StringIO(found, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple(STARTS[:11]))]
    # Opened where the separator is a semicolon, a cell is still one.
    assert all(line.startswith('"') for line in found.split("\r\n") if line)


async def test_each_customer_is_there_once_with_all_fields_and_by_the_filters_of_the_list(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    await create(house, other_tenant.owner, {"name": "Not ours"})
    async with inspector(house) as admin:
        await admin.execute(f"{FILL} from generate_series(1, 1234) n", tenant.id)
    found = table(await exported(house, tenant.owner))
    assert [row["name"] for row in found] == [f"C{at}" for at in range(1234, 0, -1)]
    assert len(table(await exported(house, tenant.owner, tag="even"))) == 617
    async with house.client(tenant.owner.token) as client:
        assert (await client.delete(f"/customers/{found[0]['id']}")).status_code == 204
        wrong = await client.get("/customers/export", params={"tags": "even"})
    [archived] = table(await exported(house, tenant.owner, archived="true"))
    assert (archived["id"], bool(archived["archivedAt"]), wrong.status_code) == (found[0]["id"], True, 400)


async def test_each_export_is_in_the_audit_log(house: House, tenant: Tenant) -> None:
    staff = tenant.people[Role.STAFF]
    await exported(house, staff, tag="vip")
    async with house.client(tenant.owner.token) as client:
        [entry] = (await client.get("/admin/audit-log", params={"action": "customers.exported"})).json()["items"]
    assert entry["actorId"] == str(staff.user)
    assert [(each["field"], each["after"]) for each in entry["changes"]] == [("filters", "tag")]


async def test_who_leaves_is_read_for_no_more(house: House, tenant: Tenant) -> None:
    async with inspector(house) as admin:
        await admin.execute(f"{FILL} from generate_series(1, 20000) n", tenant.id)
    has_left = asyncio.Event()
    asked, sent = 0, bytearray()

    async def receive() -> Any:
        nonlocal asked
        asked += 1
        if asked == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await has_left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.extend(message.get("body", b""))
        if sent.count(b"\r\n") > 3:
            has_left.set()
        await asyncio.sleep(0)

    credential = (b"authorization", f"Bearer {tenant.owner.token}".encode())
    path = "/api/v1/customers/export"
    scope: Any = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "scheme": "http", "http_version": "1.1", "server": ("testserver", 80), "client": ("127.0.0.1", 5),
        "headers": [credential, (b"host", b"testserver")],
    }  # fmt: skip
    await house.app(scope, receive, send)
    assert 0 < sent.count(b"\r\n") < 10_000

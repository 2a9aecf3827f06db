"""Importing what is there already: an export read again, by the ids in it; and what is said of a file's columns."""

from typing import Any

import pytest

from tests.api.test_customer_export import FULL, create, exported
from tests.support.house import House
from tests.support.imports import Json, customers_of, imported, send
from tests.support.people import Tenant


def counts(job: Json) -> Json:
    return {name: count for name, count in job["result"]["counts"].items() if count}


def told(job: Json) -> list[tuple[int, str, str]]:
    return [(each["line"], each["field"], each["code"]) for each in job["errors"]]


async def test_an_export_that_is_imported_where_it_comes_from_doubles_nobody(house: House, tenant: Tenant) -> None:
    await create(house, tenant.owner, FULL, {"company": "Bare"}, {"name": "Twin"}, {"name": "Twin"})
    before = await customers_of(house, tenant.owner)
    file = await exported(house, tenant.owner)
    skipped = await imported(house, tenant.owner, file)
    assert (counts(skipped), {code for _, _, code in told(skipped)}) == ({"skipped": 4}, {"duplicate"})
    unchanged = await imported(house, tenant.owner, file, duplicates="update")
    assert (counts(unchanged), told(unchanged)) == ({"unchanged": 4}, [])
    dry = await imported(house, tenant.owner, file, duplicates="update", dryRun="true")
    assert counts(dry) == {"unchanged": 4}
    assert await customers_of(house, tenant.owner) == before
    assert counts(await imported(house, tenant.owner, file, duplicates="create")) == {"created": 4}


async def test_who_is_named_by_id_is_changed_whatever_else_the_row_says(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        ada = (await client.post("/customers", json={"name": "Ada", "tags": ["vip"]})).json()["id"]
        grace = (await client.post("/customers", json={"name": "Grace", "emails": ["grace@example.com"]})).json()["id"]
        row = f"id,name,emails,tags\n{ada},Ada L,grace@example.com,VIP; new\n"
        job = await imported(house, tenant.owner, row, duplicates="update")
        changed = (await client.get(f"/customers/{ada}")).json()
        other = (await client.get(f"/customers/{grace}")).json()
    assert counts(job) == {"updated": 1}
    assert (changed["name"], changed["emails"], changed["tags"]) == ("Ada L", ["grace@example.com"], ["vip", "new"])
    assert (other["name"], other["version"]) == ("Grace", 1)


async def test_an_id_of_nobody_here_says_nothing(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    async with house.client(other_tenant.owner.token) as client:
        theirs = (await client.post("/customers", json={"name": "Theirs"})).json()
    file = f"id,name\n{theirs['id']},Ada\n17,Grace\nnone,Joan\n"
    job = await imported(house, tenant.owner, file, duplicates="update")
    assert (counts(job), told(job)) == ({"created": 3}, [])
    assert theirs["id"] not in {each["id"] for each in (await customers_of(house, tenant.owner)).values()}
    assert await customers_of(house, other_tenant.owner) == {"Theirs": theirs}


@pytest.mark.parametrize("duplicates", ["skip", "update"])
async def test_who_was_merged_is_found_as_the_one_who_stays(house: House, tenant: Tenant, duplicates: str) -> None:
    async with house.client(tenant.owner.token) as client:
        away, between, stays = [
            (await client.post("/customers", json={"name": name})).json()["id"] for name in ("Away", "Between", "Stays")
        ]
        await client.post(f"/customers/{away}/merge", json={"into": between})
        await client.post(f"/customers/{between}/merge", json={"into": stays})
        job = await imported(house, tenant.owner, f"id,name,notes\n{away},Stays,seen\n", duplicates=duplicates)
        found = (await client.get(f"/customers/{stays}")).json()
    expected = {"skip": ({"skipped": 1}, None), "update": ({"updated": 1}, "seen")}
    assert (counts(job), found["notes"]) == expected[duplicates]


@pytest.mark.parametrize("duplicates", ["skip", "update", "create"])
async def test_who_was_erased_is_not_brought_back_by_an_older_file(
    house: House, tenant: Tenant, duplicates: str
) -> None:
    await create(house, tenant.owner, {"name": "Gone"})
    file = await exported(house, tenant.owner)
    [gone] = (await customers_of(house, tenant.owner)).values()
    async with house.client(tenant.owner.token) as client:
        assert (await client.post(f"/customers/{gone['id']}/erase")).status_code == 204
    job = await imported(house, tenant.owner, file, duplicates=duplicates)
    assert (counts(job), told(job)) == ({"failed": 1}, [(2, "id", "erased")])
    assert await customers_of(house, tenant.owner) == {}


async def test_who_is_archived_stays_so(house: House, tenant: Tenant) -> None:
    await create(house, tenant.owner, {"name": "Old"})
    file = await exported(house, tenant.owner)
    [old] = (await customers_of(house, tenant.owner)).values()
    async with house.client(tenant.owner.token) as client:
        assert (await client.delete(f"/customers/{old['id']}")).status_code == 204
    assert told(await imported(house, tenant.owner, file)) == [(2, "id", "duplicate")]
    assert told(await imported(house, tenant.owner, file, duplicates="update")) == [(2, "id", "archived")]
    assert await customers_of(house, tenant.owner) == {}


async def test_all_that_is_wrong_with_a_row_is_told_in_plain_words(house: House, tenant: Tenant) -> None:
    content = (
        "Name,Tags,Country,Language,Notes,custom.a\n"
        f"{'x' * 201},{'y' * 51},Nowhere,no language,fine,1\n"
        "Ada,vip,ZZ,en,fine,1\n"
        "Ada,vip,DE,en,bell \x07,1\n"
    )
    job = await imported(house, tenant.owner, content)
    assert [(each["line"], each["field"], each["code"], each["message"]) for each in job["errors"]] == [
        (2, "Name", "too_long", "Expected at most 200 characters."),
        (2, "Country", "too_long", "Expected 2 characters, such as US."),
        (2, "Tags", "too_long", "Expected at most 50 characters."),
        (2, "Language", "invalid_format", "This is not of the form that is expected here, such as en."),
        (3, "Country", "unknown_country", "Expected an ISO 3166 code of two letters, such as US."),
        (4, "Notes", "invalid_format", "Expected text without control characters."),
    ]
    assert counts(job) == {"failed": 3}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Name,E-mail,name", "Columns 1 and 3 have the same name: name."),
        ("Name,Street 2,street2", "Columns 2 and 3 have the same name: street2."),
        ("Name,custom.a,Custom.a", "Columns 2 and 3 have the same name: Custom.a."),
    ],
)
async def test_a_file_whose_columns_have_one_name_is_refused(
    house: House, tenant: Tenant, header: str, message: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        refused = await send(client, f"{header}\na,b,c\n")
        allowed = await send(client, "Name,Phone,Phone\nAda,,\n")
    assert (refused.status_code, allowed.status_code) == (400, 202)
    [fault] = refused.json()["errors"]
    assert (fault["code"], fault["message"]) == ("duplicate_column", message)


async def test_a_second_column_of_a_field_is_read_where_the_first_is_empty_and_that_is_told(
    house: House, tenant: Tenant
) -> None:
    job = await imported(
        house, tenant.owner, "Name,Contact name,Phone,Phone\nAda,Eve,+12125550101,+12125550102\n,Bob,,\n"
    )
    assert told(job) == [(1, "Contact name", "second_column")]
    found = await customers_of(house, tenant.owner)
    assert sorted(found) == ["Ada", "Bob"]
    assert found["Ada"]["phones"] == ["+12125550101", "+12125550102"]


@pytest.mark.parametrize("region", ["ZZ", "XX", "AQ"])
async def test_a_country_without_telephone_numbers_is_refused(house: House, tenant: Tenant, region: str) -> None:
    async with house.client(tenant.owner.token) as client:
        refused = await send(client, "Name\nAda\n", phoneRegion=region)
        assert (await send(client, "Name\nAda\n", phoneRegion="DE")).status_code == 202
    assert refused.status_code == 400
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [("phoneRegion", "unknown_country")]


async def test_a_number_beyond_64_bits_is_a_text(house: House, tenant: Tenant) -> None:
    await imported(house, tenant.owner, f"Name,custom.a,custom.b\nAda,{2**63},{2**63 - 1}\n")
    found: Any = (await customers_of(house, tenant.owner))["Ada"]["custom"]
    assert found == {"a": str(2**63), "b": 2**63 - 1}

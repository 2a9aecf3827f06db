"""Importing customers: what comes of each row, what is said of bad ones, and that nothing is done twice."""

import asyncio
import csv
from pathlib import Path
from typing import Any

import httpx
import pytest

from domains.customers.importing import MOST_BYTES
from domains.shared.permissions import Role
from infra.files.store import FileStore
from tests.support.databases import rows
from tests.support.house import House
from tests.support.imports import CSV, Json, customers_of, imported, send
from tests.support.jobs import bench_over
from tests.support.people import Person, Tenant
from tests.support.stories import give_limits

MIXED = '''\
First name;Surname;Organisation;E-mail 1 - Value;E-Mail 2;Mobile;Home phone;Street;Postcode;Town;Country;Street 2;\
Town 2;Labels;Comments;Language;custom.gateCode;custom.level;Favourite colour
Ada;Lovelace;;ADA@example.com;ada@work.example;+1 (212) 555-0101;="+12125550102";12 Way;10001;New York;us;4 Row;\
Albany;vip, home;"Two lines,
and ""quotes""";en;0042;7;blue
;;Bluebird;;;2.125550103E+9;;;;;;;;;;;;true;
'''


async def faults(house: House, person: Person, job: Json, **params: Any) -> list[Json]:
    async with house.client(person.token) as client:
        answer = await client.get(f"/customers/imports/{job['id']}/faults", params={"limit": 100, **params})
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    return found


def told(found: list[Json]) -> list[tuple[int, str, str]]:
    return [(each["line"], each["field"], each["code"]) for each in found]


async def files_of(house: House, tenant: Tenant) -> list[Path]:
    folder = (await house.container.get(FileStore)).folder
    return [found for found in (folder / "jobs" / str(tenant.id)).rglob("*") if found.is_file()]


async def test_columns_are_found_by_what_people_call_them(house: House, tenant: Tenant) -> None:
    job = await imported(house, tenant.owner, MIXED, phoneRegion="US")
    assert (job["kind"], job["status"], job["progress"]) == ("customer.import", "succeeded", {"done": 2, "total": 2})
    assert job["result"]["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0}
    found = await customers_of(house, tenant.owner)
    ada = found["Ada Lovelace"]
    assert ada["emails"] == ["ada@example.com", "ada@work.example"]
    assert ada["phones"] == ["+12125550101", "+12125550102"]
    assert [(each["street"], each["zipCode"], each["country"]) for each in ada["addresses"]] == [
        ("12 Way", "10001", "US"), ("4 Row", None, None),
    ]  # fmt: skip
    assert (ada["tags"], ada["notes"], ada["preferredLanguage"]) == (
        ["vip", "home"], 'Two lines,\nand "quotes"', "en",
    )  # fmt: skip
    assert ada["custom"] == {"gateCode": "0042", "level": 7}
    assert (found["Bluebird"]["phones"], found["Bluebird"]["custom"]) == (["+12125550103"], {"level": True})
    assert told(await faults(house, tenant.owner, job)) == [(1, "Favourite colour", "unknown_column")]


async def test_each_bad_row_is_told_with_its_line_column_and_reason_and_the_others_are_imported(
    house: House, tenant: Tenant
) -> None:
    content = (
        "Name,E-mail,Phone,Tags,Country\n"
        "Ada,no address,+12125550101,,\n"
        '"Two\nlines",,,,\n'
        ",nobody@example.com,,,\n"
        "Bob,nowhere,555 1234,,\n"
        "Cy,cy@example.com,+12125550104,,Nowhere\n"
        f"Di,di@example.com,+12125550105,{'x' * 51},\n"
        "Ed,ed@example.com,+12125550106,,,more\n"
        "Flo,flo@example.com,2.1255E+11,,\n"
        "Good,good@example.com,+12125550107,,US\n"
    )
    job = await imported(house, tenant.owner, content)
    assert job["result"]["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 8}
    assert list(await customers_of(house, tenant.owner)) == ["Good"]
    report = await faults(house, tenant.owner, job)
    assert told(report) == [
        (2, "E-mail", "invalid_email"),
        (3, "Name", "invalid_format"),
        (5, "name", "required"),
        (6, "Phone", "invalid_phone"),
        (6, "E-mail", "invalid_email"),
        (7, "Country", "too_long"),
        (8, "Tags", "too_long"),
        (9, "$", "too_many_cells"),
        (10, "Phone", "lost_digits"),
    ]
    assert [(each["line"], each["field"], each["code"]) for each in job["errors"]] == told(report)
    assert all(each["message"] for each in report)


async def test_custom_values_are_what_their_fields_take(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        for key, kind in (("code", "text"), ("size", "number"), ("pets", "boolean")):
            body = {"key": key, "label": key, "type": kind}
            assert (await client.post("/customers/fields", json=body)).status_code == 201
    content = "Name,custom.code,custom.size,custom.pets,custom.other\nAda,1234,7,true,8\nBob,x,many,,\n"
    job = await imported(house, tenant.owner, content)
    assert (await customers_of(house, tenant.owner))["Ada"]["custom"] == {
        "code": "1234", "size": 7, "pets": True, "other": 8,
    }  # fmt: skip
    [fault] = await faults(house, tenant.owner, job)
    assert (fault["line"], fault["field"]) == (3, "custom.size")


async def test_the_report_is_paged_and_comes_as_a_file(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    job = await imported(house, tenant.owner, "Name,E-mail\n" + "".join(f"A{at},bad{at}\n" for at in range(1_205)))
    address = f"/customers/imports/{job['id']}/faults"
    assert len(job["errors"]) == 100
    async with house.client(tenant.owner.token) as client, house.client(other_tenant.owner.token) as other:
        first = (await client.get(address, params={"limit": 2, "includeTotal": "true"})).json()
        second = (await client.get(address, params={"limit": 2, "cursor": first["nextCursor"]})).json()
        as_file = await client.get(address, headers={"Accept": "text/csv"})
        assert (await other.get(address)).status_code == 404
        assert (await client.get(f"/customers/imports/{tenant.id}/faults")).status_code == 404
    assert [each["line"] for each in (*first["items"], *second["items"])] == [2, 3, 4, 5]
    assert first["total"] == 1_205
    assert as_file.headers["content-type"].startswith("text/csv")
    first_line, *lines = csv.reader(as_file.text.splitlines())
    assert first_line == ["line", "field", "code", "message"]
    assert [line[0] for line in lines] == [str(at) for at in range(2, 1_207)]


async def test_duplicates_are_skipped_with_a_word(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        ada = (await client.post("/customers", json={"name": "Ada", "emails": ["ada@example.com"]})).json()
        gone = (await client.post("/customers", json={"name": "Old", "emails": ["old@example.com"]})).json()
        assert (await client.delete(f"/customers/{gone['id']}")).status_code == 204
    async with house.client(other_tenant.owner.token) as client:
        await client.post("/customers", json={"name": "Bob elsewhere", "emails": ["bob@example.com"]})
    content = (
        "Name,E-mail,Phone\nAda again,ADA@example.com,\nBob,bob@example.com,+12125550101\n"
        "Bobby,,+1 212 555 0101\nOld,old@example.com,\n"
    )
    job = await imported(house, tenant.owner, content)
    assert job["result"]["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 2, "failed": 0}
    assert sorted(await customers_of(house, tenant.owner)) == ["Ada", "Bob", "Old"]
    first, second = await faults(house, tenant.owner, job)
    assert (first["line"], first["code"], ada["id"] in first["message"]) == (2, "duplicate", True)
    assert (second["line"], second["code"], "line 3" in second["message"]) == (4, "duplicate", True)


async def test_duplicates_are_updated_by_what_the_row_has(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        body = {"name": "Ada", "emails": ["ada@example.com"], "tags": ["vip"], "notes": "stays", "custom": {"a": 1}}
        ada = (await client.post("/customers", json=body)).json()
        same = (await client.post("/customers", json={"name": "Same", "phones": ["+12125550109"]})).json()
        for name in ("Twin", "Twain"):
            await client.post("/customers", json={"name": name, "emails": ["twin@example.com"]})
    content = (
        "Name,E-mail,Phone,Tags,Notes,custom.b\n"
        "Ada Lovelace,ada@example.com,+12125550101,home,,2\n"
        "Same,,+12125550109,,,\n"
        "Which,twin@example.com,,,,\n"
        "New,new@example.com,,first,,\n"
        "New,new@example.com,+12125550105,second,,\n"
        ",ada@example.com,+12125550102,,,\n"
        "Ada L,ada@example.com,,,,\n"
    )
    job = await imported(house, tenant.owner, content, duplicates="update")
    assert job["result"]["counts"] == {"created": 1, "updated": 1, "unchanged": 1, "skipped": 0, "failed": 2}
    report = await faults(house, tenant.owner, job)
    assert told(report) == [(4, "emails, phones", "ambiguous_duplicate"), (7, "name", "required")]
    found = await customers_of(house, tenant.owner)
    now = found["Ada L"]
    assert (now["id"], now["tags"], now["notes"], now["custom"]) == (
        ada["id"],
        ["vip", "home"],
        "stays",
        {"a": 1, "b": 2},
    )
    assert now["phones"] == ["+12125550101"]
    assert found["Same"] == same
    assert (found["New"]["tags"], found["New"]["version"]) == (["first", "second"], 1)
    async with house.client(tenant.owner.token) as client:
        log = (await client.get("/admin/audit-log", params={"subject": ada["id"]})).json()["items"]
    assert [entry["action"] for entry in log] == ["customer.updated", "customer.created"]
    assert {change["field"] for change in log[0]["changes"]} >= {"name", "tags", "phones", "custom"}


async def test_duplicates_are_created_where_that_is_asked_for(house: House, tenant: Tenant) -> None:
    content = "Name,E-mail\nAda,ada@example.com\nEve,ada@example.com\n"
    job = await imported(house, tenant.owner, content, duplicates="create")
    assert job["result"]["counts"]["created"] == 2
    assert sorted(await customers_of(house, tenant.owner)) == ["Ada", "Eve"]


@pytest.mark.parametrize("duplicates", ["skip", "update", "create"])
async def test_a_dry_run_says_what_would_come_of_it_and_changes_nothing(
    house: House, tenant: Tenant, duplicates: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.post("/customers", json={"name": "Ada", "emails": ["ada@example.com"]})
    before = await customers_of(house, tenant.owner)
    some = "".join(f"C{at},c{at}@example.com\n" for at in range(1_500))
    content = f"Name,E-mail\nAda L,ada@example.com\nBad,bad\n{some}Again,c7@example.com\n"
    dry = await imported(house, tenant.owner, content, duplicates=duplicates, dryRun="true")
    dry_report = await faults(house, tenant.owner, dry)
    assert await customers_of(house, tenant.owner) == before
    left = await rows(house.database.admin, "select 1 from customer_import_contacts where tenant_id = $1", tenant.id)
    assert left == []
    real = await imported(house, tenant.owner, content, duplicates=duplicates)
    assert dry["result"]["counts"] == real["result"]["counts"]
    assert told(dry_report) == told(await faults(house, tenant.owner, real))


async def test_what_was_imported_is_told_once_a_part_and_stands_in_each_timeline(house: House, tenant: Tenant) -> None:
    staff = tenant.people[Role.STAFF]
    await imported(house, staff, "Name\n" + "".join(f"C{at}\n" for at in range(2_100)))
    found = await customers_of(house, tenant.owner)
    events = await rows(
        house.database.admin, "select data from events where tenant_id = $1 and type = 'customer.imported'", tenant.id
    )
    assert len(events) == 3
    async with house.client(tenant.owner.token) as client:
        timeline = (await client.get(f"/customers/{found['C2099']['id']}/timeline")).json()["items"]
        log = (await client.get("/admin/audit-log", params={"limit": 100})).json()["items"]
    assert [(each["kind"], each["actorId"]) for each in timeline] == [("customer_imported", str(staff.user))]
    noted = [entry["action"] for entry in log]
    assert noted == ["customer.import_ended", *["customers.imported"] * 3, "customer.import_begun"]
    assert {entry["actorId"] for entry in log} == {str(staff.user)}


async def test_a_form_with_the_file_is_as_good_as_the_file(house: House, tenant: Tenant) -> None:
    files = {"file": ("customers.csv", "Name\nAda\n".encode("utf-16"), "application/vnd.ms-excel")}
    async with house.client(tenant.owner.token) as client, bench_over(house) as bench:
        begun = await client.post("/customers/import", files=files)
        assert begun.status_code == 202, begun.text
        assert begun.headers["location"] == f"/api/v1/jobs/{begun.json()['id']}"
        await bench.run_all()
    assert list(await customers_of(house, tenant.owner)) == ["Ada"]


FORM = "multipart/form-data; boundary=x"
PART = '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nName\nAda\n'


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"),
    [
        ("application/json", "{}", 415, "unsupported_media_type"),
        ("image/png", "x", 415, "unsupported_media_type"),
        ("multipart/form-data", "x", 400, "invalid_form"),
        (FORM, "x", 400, "invalid_form"),
        (FORM, "--x--\r\n", 400, "empty_file"),
        (FORM, '--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nName\r\n--x--\r\n', 400, "required"),
        (FORM, PART, 400, "invalid_form"),
        (FORM, f"{PART}\r\n" * 2 + "--x--", 400, "invalid_form"),
        ("text/csv", "", 400, "empty_file"),
        ("text/csv", "Name\n", 400, "no_rows"),
        ("text/csv", "Colour,Size\nblue,7\n", 400, "no_header"),
        ("text/csv", 'Name\n"open\n', 400, "invalid_csv"),
    ],
)  # fmt: skip
async def test_what_is_no_file_of_customers_is_refused_and_leaves_nothing(
    house: House, tenant: Tenant, kind: str, content: str, status: int, code: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        refused = await client.post("/customers/import", content=content, headers={"Content-Type": kind})
        assert (refused.status_code, code) == (status, refused.json()["errors"][0]["code"] if status == 400 else code)
        assert status == 400 or "multipart/form-data or text/csv" in refused.json()["detail"]
        assert (await client.get("/jobs")).json()["items"] == []
        good = await send(client, "Name\nAda\n")
    assert good.status_code == 202
    assert {path.parent.name for path in await files_of(house, tenant)} == {good.json()["id"]}


async def test_a_file_that_turns_out_to_be_bad_leaves_nothing(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        refused = await send(client, "Name\n" + "Ada\n" * 2_500 + '"open\n')
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "invalid_csv")
    assert "line 2502" in refused.json()["errors"][0]["message"]
    assert await files_of(house, tenant) == []


async def test_a_file_that_is_too_large_is_refused_before_it_has_come(house: House, tenant: Tenant) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1 << 20
            yield b"Name\n" + b"Ada\n" * (1 << 18)

    async with house.client(tenant.owner.token) as client:
        refused = await client.post("/customers/import", content=endless(), headers=CSV)
    assert (refused.status_code, refused.json()["code"]) == (413, "payload_too_large")
    assert sent < MOST_BYTES + (4 << 20)
    assert await files_of(house, tenant) == []


async def test_a_disk_that_takes_no_files_is_for_the_moment(house: House, tenant: Tenant, tmp_path: Path) -> None:
    store = await house.container.get(FileStore)
    (in_the_way := tmp_path / "file").touch()
    usual, store.folder = store.folder, in_the_way / "jobs"
    async with house.client(tenant.owner.token) as client:
        refused = await client.post("/customers/import", content=b"Name\nAda\n", headers=CSV)
        store.folder = usual
        accepted = await client.post("/customers/import", content=b"Name\nAda\n", headers=CSV)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert accepted.status_code == 202, accepted.text


async def test_files_are_gone_once_they_were_imported(house: House, tenant: Tenant) -> None:
    await imported(house, tenant.owner, "Name\nAda\n")
    assert await files_of(house, tenant) == []


async def test_a_file_whose_import_was_never_begun_is_gone_after_an_hour(house: House, tenant: Tenant) -> None:
    envelopes = await rows(
        house.database.admin,
        "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at)"
        " values ($1, gen_random_uuid(), 'customer_import.forget_upload', gen_random_uuid(), now())"
        " returning subject_id",
        tenant.id,
    )
    folder = (await house.container.get(FileStore)).folder / "jobs" / str(tenant.id) / str(envelopes[0][0])
    folder.mkdir(parents=True)
    (folder / "rows-0").write_bytes(b"[]")
    await house.follow_up()
    assert await files_of(house, tenant) == []


async def test_a_cancelled_import_goes_no_further(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client, bench_over(house) as bench:
        job = (await send(client, "Name\n" + "A\n" * 1_500)).json()
        await client.post(f"/jobs/{job['id']}/cancel")
        await bench.run_all()
        assert (await client.get(f"/jobs/{job['id']}")).json()["status"] == "cancelled"
    assert await customers_of(house, tenant.owner) == {}


async def test_imports_of_a_business_run_one_after_the_other(house: House, tenant: Tenant) -> None:
    content = "Name,E-mail\n" + "".join(f"C{at},c{at}@example.com\n" for at in range(1_100))
    async with house.client(tenant.owner.token) as client, bench_over(house) as bench:
        begun = await asyncio.gather(*(send(client, content) for _ in range(3)))
        assert {answer.status_code for answer in begun} == {202}
        while await bench.hander.once():
            handed, bench.queue.put_in = bench.queue.put_in, []
            await asyncio.gather(*(bench.runner.run(job, kind) for job, kind in handed))
            await bench.wake()
        jobs = [(await client.get(f"/jobs/{answer.json()['id']}")).json() for answer in begun]
    assert sorted(job["result"]["counts"]["created"] for job in jobs) == [0, 0, 1_100]
    assert len(await customers_of(house, tenant.owner)) == 1_100


async def test_the_same_key_and_file_is_the_same_import(house: House, tenant: Tenant) -> None:
    key = {"Idempotency-Key": "once", **CSV}
    async with house.client(tenant.owner.token) as client:
        first = await client.post("/customers/import", content=b"Name\nAda\n", headers=key)
        again = await client.post("/customers/import", content=b"Name\nAda\n", headers=key)
        other = await client.post("/customers/import", content=b"Name\nEve\n", headers=key)
    assert first.status_code == 202, first.text
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert {path.parent.name for path in await files_of(house, tenant)} == {first.json()["id"]}


async def test_a_member_may_not_even_send(house: House, tenant: Tenant) -> None:
    async def unread() -> Any:
        yield b"Name\n"
        raise AssertionError("the body was read")

    async with house.client(tenant.people[Role.MEMBER].token) as client:
        refused: httpx.Response = await client.post("/customers/import", content=unread(), headers=CSV)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    async with house.client(tenant.people[Role.STAFF].token) as client:
        assert (await send(client, "Name\nAda\n")).status_code == 202


async def test_a_part_beyond_what_the_plan_gives_is_not_stored(house: House, tenant: Tenant) -> None:
    await give_limits(house, tenant.id, quotas={"customers": 2})
    job = await imported(house, tenant.owner, "name\nAda\nGrace\nJoan\n")
    assert (job["status"], [each["code"] for each in job["errors"]]) == ("failed", ["quota_exceeded"])
    assert await customers_of(house, tenant.owner) == {}
    job = await imported(house, tenant.owner, "name\nAda\nGrace\n")
    assert (job["status"], len(await customers_of(house, tenant.owner))) == ("succeeded", 2)

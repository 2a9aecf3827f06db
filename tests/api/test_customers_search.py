"""Finding customers by anything that is kept, with a letter wrong, however a number is written; ranked, in pages."""

from typing import Any

import httpx
import pytest

from tests.support.house import House
from tests.support.people import Tenant

JOHNSON = {
    "name": "Pétur Johnson",
    "company": "Bluebird Bakery & Sons",
    "emails": ["peter.j@northwind.test"],
    "phones": ["+15551234567"],
    "addresses": [{"street": "12 Analytical Way", "city": "Brooklyn", "zipCode": "00120", "country": "US"}],
    "tags": ["slow payer"],
    "notes": "The water main is behind the left oven.",
    "source": "referral",
    "preferredLanguage": "pt-BR",
    "custom": {"gateCode": "Xylophone"},
}
FINDS = (
    "jonson", "Jhonson", "johnsons", "Johnsom", "JOHNSON petur", "john pet", "(555) 123-4567", "555 123 4567",
    "+1 555 123", "4567", "0555 1234567", "Bluebird", "bakery", "blueb sons", "Analytical Way", "12 analytical",
    "brooklyn", "00120", "peter.j@northwind.test", "northwind", "slow payer", "payer", "water main", "oven",
    "referral", "xylophone", "petur brooklyn oven", "bluebrid",
)  # fmt: skip
MISSES = ("smith", "johnson smith", "555 123 9999", "hnson", "johnso bluebird paris", "...", "x" * 200, "%", "q' | z:*")


async def make(client: httpx.AsyncClient, **fields: Any) -> str:
    answer = await client.post("/customers", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def found(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/customers", params=params)
    assert answer.status_code == 200, answer.text
    return [item["name"] or item["company"] for item in answer.json()["items"]]


@pytest.fixture
async def client(house: House, tenant: Tenant) -> Any:
    async with house.client(tenant.owner.token) as client:
        yield client


async def test_a_customer_is_found_by_all_that_is_kept(client: httpx.AsyncClient) -> None:
    await make(client, **JOHNSON)
    await make(client, name="Ada Lovelace", phones=["+15557654321"])
    assert {text: await found(client, search=text) for text in FINDS} == {text: ["Pétur Johnson"] for text in FINDS}
    assert {text: await found(client, search=text) for text in MISSES} == {text: [] for text in MISSES}


async def test_a_note_is_found_at_once_and_a_changed_word_no_more(client: httpx.AsyncClient) -> None:
    customer = await make(client, name="Ada")
    await client.post(f"/customers/{customer}/notes", json={"text": "Keeps a parrot called Hugo."})
    assert await found(client, search="parrot hugo") == ["Ada"]
    await client.patch(f"/customers/{customer}", json={"name": "Grace"})
    assert (await found(client, search="parrot"), await found(client, search="ada")) == (["Grace"], [])


async def test_the_best_come_first(client: httpx.AsyncClient) -> None:
    names = ("Harbour Ltd", "Old Harbor Inn", "Harbor Plumbing", "Harbor", "Nobody")
    for name in names:
        await make(client, company=name, notes="seen at the harbor" if name == "Nobody" else None)
    ranked = ["Harbor", "Harbor Plumbing", "Old Harbor Inn", "Nobody", "Harbour Ltd"]
    assert await found(client, search="harbor") == ranked
    assert await found(client, search="harbor", sort="-name") == sorted(set(ranked) - {"Harbour Ltd"}, reverse=True)


async def test_pages_of_a_search_have_each_once_whatever_comes_in_between(client: httpx.AsyncClient) -> None:
    wanted = [f"Harbor {at}" for at in range(5)] + [f"New Harbor {at}" for at in range(5)]
    for name in (*wanted[5:], *wanted[:5]):
        await make(client, company=name)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = (await client.get("/customers", params={"search": "harbor", "limit": 3, **cursor})).json()
        seen += [item["company"] for item in answer["items"]]
        if answer["nextCursor"] is None:
            break
        cursor = {"cursor": answer["nextCursor"]}
        await make(client, company="Harbor 0 again")
    assert seen == wanted
    counted = await client.get("/customers", params={"search": "harbor", "includeTotal": True, "limit": 1})
    assert counted.json()["total"] >= 10


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({"tag": "vip"}, ["C", "A"]),
        ({"source": "web"}, ["B", "A"]),
        ({"language": "es"}, ["B"]),
        ({"hasEmail": True}, ["A"]),
        ({"hasEmail": False}, ["C", "B"]),
        ({"hasPhone": True, "tag": "vip"}, ["C"]),
        ({"tag": "vip", "sort": "name"}, ["A", "C"]),
        ({"tag": "vip", "search": "a"}, ["A"]),
        ({"tag": "vi"}, []),
        ({"tag": "vip", "from": "2000-01-01", "to": "2000-01-02"}, []),
        ({"tag": "vip", "archived": True}, []),
    ],
)
async def test_lists_are_narrowed_down(client: httpx.AsyncClient, narrowed: dict[str, Any], names: list[str]) -> None:
    await make(client, name="A", tags=["vip"], source="web", emails=["a@example.com"])
    await make(client, name="B", source="web", preferredLanguage="es")
    await make(client, name="C", tags=["vip"], phones=["+15551234567"])
    assert await found(client, **narrowed) == names


async def test_nobody_of_another_tenant_is_found(client: httpx.AsyncClient, house: House, other_tenant: Tenant) -> None:
    await make(client, **JOHNSON)
    async with house.client(other_tenant.owner.token) as others:
        assert [await found(others, search=text) for text in FINDS] == [[]] * len(FINDS)
        assert await found(others, tag="slow payer") == []


async def test_a_cursor_is_good_for_its_search_only(client: httpx.AsyncClient) -> None:
    for at in range(3):
        await make(client, name=f"Ada {at}")
    first = await client.get("/customers", params={"search": "ada", "limit": 1})
    cursor = first.json()["nextCursor"]
    for other in ({"search": "ad"}, {}, {"search": "ada", "sort": "name"}):
        refused = await client.get("/customers", params={**other, "limit": 1, "cursor": cursor})
        assert refused.json()["code"] == "invalid_cursor"

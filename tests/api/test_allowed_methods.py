"""OPTIONS names all that an address takes."""

from tests.security.http.operations import anybody, operations_of
from tests.support.house import House
from tests.support.people import Tenant


async def test_every_address_names_all_its_methods(house: House, tenant: Tenant) -> None:
    methods: dict[str, set[str]] = {}
    for operation in await operations_of(house):
        methods.setdefault(operation.path, set()).add(operation.method)
    assert max(map(len, methods.values())) > 2
    async with anybody(house) as client:
        client.headers["Authorization"] = f"Bearer {tenant.owner.token}"
        for path, wanted in methods.items():
            answer = await client.options(path.replace("{", "").replace("}", ""))
            assert answer.status_code == 204
            expected = wanted | {"OPTIONS"} | ({"HEAD"} if "GET" in wanted else set())
            assert set(answer.headers["allow"].split(", ")) == expected, path
        refused = await client.put("/api/v1/customers")
        assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"

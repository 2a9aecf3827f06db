"""The first path through the house: a business registers, its owner confirms, and keeps the first customer."""

import msgspec
from structlog.testing import capture_logs

from frontdesk.container import worker_container
from frontdesk.ingredients import Ingredients
from frontdesk.relaying import relay_over
from infra.postgres.database import Database
from tests.support.house import House
from tests.support.registrations import PASSWORD, an_address, an_order, log_in, mailed_code
from tests.support.stories import inspector

_WAITING = """
    select count(*) from work.envelopes e join directory.registrations r on r.tenant_id = e.tenant_id
    where r.email = $1 and e.kind = 'identity.mail_code'
"""


async def test_from_the_form_to_the_first_customer(house: House) -> None:
    email = an_address()
    async with house.client() as client:
        assert (await client.post("/auth/register", json=an_order(email))).status_code == 202
        code = await mailed_code(house, email)
        assert (await client.post("/auth/verify-email", json={"email": email, "code": code})).status_code == 200
    token = (await log_in(house, email, PASSWORD)).json()["accessToken"]
    async with house.client(token) as client:
        made = await client.post("/customers", json={"name": "Grace Hopper", "tags": ["first"]})
        assert made.status_code == 201, made.text
        listed = (await client.get("/customers", params={"tag": "first", "includeTotal": "true"})).json()
        assert listed == {"items": [made.json()], "nextCursor": None, "total": 1}
        path = f"/customers/{made.json()['id']}"
        changed = await client.patch(path, json={"notes": "Called"}, headers={"If-Match": made.headers["ETag"]})
        assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
        assert (await client.delete(path, headers={"If-Match": made.headers["ETag"]})).status_code == 412
        assert (await client.delete(path, headers={"If-Match": changed.headers["ETag"]})).status_code == 204
        assert (await client.get("/customers")).json()["items"] == []
        assert (await client.get(path)).json()["archivedAt"]


async def test_two_businesses_never_see_each_other(house: House) -> None:
    tokens = []
    for name in ("Harbor Plumbing", "Bluebird Bakery"):
        email = an_address()
        async with house.client() as client:
            await client.post("/auth/register", json=an_order(email, tenantName=name))
            code = await mailed_code(house, email)
            answer = await client.post("/auth/verify-email", json={"email": email, "code": code})
        tokens.append(answer.json()["accessToken"])
        async with house.client(tokens[-1]) as client:
            await client.post("/customers", json={"name": f"Customer of {name}"})
    for token, name in zip(tokens, ("Harbor Plumbing", "Bluebird Bakery"), strict=True):
        async with house.client(token) as client:
            found = (await client.get("/customers")).json()["items"]
        assert [each["name"] for each in found] == [f"Customer of {name}"]


async def test_a_letter_that_cannot_be_sent_is_sent_later(house: House) -> None:
    email = an_address()
    async with house.client() as client:
        await client.post("/auth/register", json=an_order(email))
    with capture_logs() as logs:
        await without_mail(house)
    assert "envelope_failed" in {line["event"] for line in logs}
    assert email not in repr([line for line in logs if line["event"] != "envelope_failed"])
    assert (house.mail_to(email), await waiting(house, email)) == ([], 1)
    async with inspector(house) as admin:
        await admin.execute("update work.envelopes set retry_at = now()")
    assert len(await mailed_code(house, email)) == 6
    assert (len(house.mail_to(email)), await waiting(house, email)) == (1, 0)


async def without_mail(house: House) -> None:
    """Have a worker try whose mail server is not there."""
    ingredients = await house.work.get(Ingredients)
    container = worker_container(msgspec.structs.replace(ingredients, smtp_url="smtp://127.0.0.1:1"))
    database = Database(house.database.relay, size=1)
    try:
        await (await relay_over(container, database)).once()
    finally:
        await database.close()
        await container.close()


async def waiting(house: House, email: str) -> int:
    async with inspector(house) as admin:
        found: int = await admin.fetchval(_WAITING, email)
    return found

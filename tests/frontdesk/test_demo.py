"""What the demo tenant is furnished with goes through the use cases, and is there."""

from domains.identity import Admission
from frontdesk.demo import _furnish
from tests.support.house import House
from tests.support.people import Tenant


async def test_the_owner_has_a_profile_and_there_are_customers(house: House, tenant: Tenant) -> None:
    owner = tenant.owner
    admission = Admission(tenant=tenant.id, slug=tenant.slug, email=owner.email, account=owner.account, user=owner.user)
    await _furnish(house.work, admission)
    async with house.client(tenant.owner.token) as client:
        me = (await client.get("/users/me")).json()
        assert (me["title"], me["status"], me["statusMessage"]) == ("Owner", "online", "Ask me about boilers")
        assert len(me["certifications"]) == 2
        assert len((await client.get("/customers")).json()["items"]) == 6
        quotes = (await client.get("/quotes")).json()["items"]
        assert [quote["status"] for quote in quotes] == ["accepted", "draft", "sent"]
        assert [(quote["number"] or "")[-5:] for quote in quotes] == ["00002", "", "00001"]

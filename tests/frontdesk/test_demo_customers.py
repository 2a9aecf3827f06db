"""The demo business has a past: its customers came, and things happened to them, over months."""

import msgspec

from domains.customers.demo_business import CUSTOMERS, DAYS, demo_customers
from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from frontdesk.demo_customers import bring_customers
from tests.support.databases import rows
from tests.support.house import House
from tests.support.people import Tenant

_SOME = 40


def test_the_same_seed_makes_the_same_business_and_another_one_another() -> None:
    one, again, other = demo_customers(), demo_customers(), demo_customers(seed=7)
    assert msgspec.json.encode(one) == msgspec.json.encode(again) != msgspec.json.encode(other)
    assert len(one) == CUSTOMERS == 2_000
    assert len({customer.order.emails[0] for customer in one}) == CUSTOMERS
    assert len({customer.order.phones[0] for customer in one}) == CUSTOMERS
    assert {customer.order.preferred_language for customer in one} == {"en", "es", "fr", "de", "pt-BR", "pl"}
    assert {country for each in one for country in (at.country for at in each.order.addresses)} >= {"US", "ES", "CA"}
    assert sum(len(customer.later) for customer in one) > 500
    for customer in one:
        times = [customer.days_ago, *(each.days_ago for each in customer.later)]
        assert times == sorted(times, reverse=True)
        assert 0 < min(times) <= max(times) < DAYS + 2


async def test_they_are_made_once_each_at_its_time(house: House, tenant: Tenant) -> None:
    wanted = sorted(demo_customers(), key=lambda each: -len(each.later))[:_SOME]
    owner = tenant.owner
    actor = Actor(tenant=tenant.id, user=owner.user, account=owner.account, session=new_id(), role=Role.OWNER)
    assert await bring_customers(house.work, actor, wanted[: _SOME // 2]) == _SOME // 2
    assert await bring_customers(house.work, actor, wanted) == _SOME // 2
    assert await bring_customers(house.work, actor, wanted) == 0
    found = await rows(
        house.database.admin,
        "select c.emails[1] as email, (now() - c.created_at) as age, count(t.id) as entries,"
        " max(t.occurred_at) > c.created_at as later from customers c"
        " join customer_timeline t on t.tenant_id = c.tenant_id and t.customer_id = c.id"
        " where c.tenant_id = $1 group by c.tenant_id, c.id",
        tenant.id,
    )
    assert len(found) == _SOME
    by_email = {each.order.emails[0]: each for each in wanted}
    for row in found:
        customer = by_email[row["email"]]
        assert abs(row["age"].total_seconds() / 86_400 - customer.days_ago) < 1
        assert 1 < row["entries"] <= len(customer.later) + 1
        assert row["later"]

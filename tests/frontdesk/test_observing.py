"""A process that is observed: its figures for admins, its series for Prometheus, its alerts for operators."""

import socket
from pathlib import Path

import asyncpg
import httpx
import pytest
from prometheus_client import generate_latest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from frontdesk.alert_rules import DATABASE_DOWN, rules_of_every_process, rules_of_the_api, rules_of_the_worker
from frontdesk.observing import observed
from frontdesk.observing_settings import ObservingSettings
from frontdesk.settings import Settings
from frontdesk.telemetry import Telemetry
from infra.alerts.rules import Alert, Rule, State
from infra.alerts.watching import Reading
from infra.metrics.instruments import Instruments
from infra.postgres.alerts import PostgresAlerts
from infra.postgres.database import Database
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.listening import listener
from tests.support.people import Tenant, new_tenant
from tests.support.soon import in_time, until

AWAY = "postgresql://nobody@127.0.0.1:1/none"
PUT_IN = """
    insert into work.envelopes (tenant_id, id, subject_id, kind, due_at, parked_at)
    values ($1, $1, $1, 'x', now() - interval '5 minutes', $2)
"""


def settings(**given: str) -> ObservingSettings:
    return Settings.load(given, file=Path("no such file")).observing


def telemetry() -> Telemetry:
    return Telemetry(Instruments(role="api", version="1"))


def registration() -> dict[str, str | bool]:
    return {
        "email": f"ada-{new_id()}@example.com",
        "password": "Correct-Horse-7",
        "displayName": "Ada Lovelace",
        "tenantName": "Analytical Engines",
        "agreeToTerms": True,
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def values(rules: dict[Rule, Reading]) -> dict[str, float | None]:
    return {rule.name: await reading() for rule, reading in rules.items()}


async def test_a_journey_leaves_its_numbers_and_no_id(database: TestDatabase, tmp_path: Path) -> None:
    seen = telemetry()
    async with house_over(database, tmp_path, telemetry=seen) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client:
            made = (await client.post("/customers", json={"name": "Grace Hopper"})).json()
            for address in (f"/customers/{made['id']}", f"/customers/{new_id()}", f"/no/{new_id()}", f"/x{new_id()}"):
                await client.get(address)
            await client.request("BREW", "/customers")
        async with house.client() as stranger:
            assert (await stranger.post("/auth/register", json=registration())).status_code == 202
        await house.follow_up()
        shown = generate_latest(seen.instruments.registry).decode()
    base = "frontdesk_http_request_duration_seconds_count"
    assert f'{base}{{method="POST",route="/api/v1/customers",status="2xx"}} 1.0' in shown
    assert f'{base}{{method="GET",route="/api/v1/customers/{{customer_id}}",status="4xx"}} 1.0' in shown
    assert f'{base}{{method="GET",route="unmatched",status="4xx"}} 2.0' in shown
    assert f'{base}{{method="OTHER",route=' in shown
    assert 'frontdesk_database_transaction_duration_seconds_count{outcome="committed"}' in shown
    assert 'frontdesk_events_total{type="customer.created"} 1.0' in shown
    assert 'frontdesk_relay_handling_seconds_count{kind="identity.mail_code",outcome="handled"}' in shown
    assert 'frontdesk_provider_call_duration_seconds_count{outcome="ok",provider="mail"}' in shown
    for word in ("hopper", "lovelace", "example.com", "brew", str(tenant.id), tenant.slug, made["id"]):
        assert word not in shown.lower()


@pytest.mark.parametrize("path", ["/admin/metrics", "/admin/alerts"])
async def test_admins_may_see_it_and_nobody_else(house: House, tenant: Tenant, path: str) -> None:
    statuses = {}
    for role, person in tenant.people.items():
        async with house.client(person.token) as client:
            statuses[role] = (await client.get(path)).status_code
    async with house.client() as stranger:
        assert (await stranger.get(path)).status_code == 401
    assert statuses == {Role.OWNER: 200, Role.ADMIN: 200, Role.STAFF: 403, Role.MEMBER: 403}


async def test_the_figures_are_those_of_the_last_minutes(database: TestDatabase, tmp_path: Path) -> None:
    async with house_over(database, tmp_path) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client:
            for _ in range(3):
                await client.get("/customers")
            figures = (await client.get("/admin/metrics")).json()
    assert figures.keys() == {
        "activeConnections", "requests", "averageLatency", "errorRate", "cpuUsage", "memoryUsage",
    }  # fmt: skip
    assert (figures["activeConnections"], figures["requests"], figures["errorRate"]) == (1, 3, 0)
    assert 0 < figures["averageLatency"] < 5000
    assert 10_000_000 < figures["memoryUsage"] < 2_000_000_000
    assert figures["cpuUsage"] > 0


async def test_the_api_measures_failures_and_slowness_once_there_are_enough() -> None:
    seen = telemetry().instruments
    rules = rules_of_the_api(settings(), seen)
    for _ in range(10):
        seen.requests.began()
        seen.requests.ended(method="GET", route="/a", status=500, seconds=2.0)
    assert await values(rules) == {"error_rate": 0, "slow_answers": 0, "foreign_webhooks": 0}
    for _ in range(30):
        seen.requests.began()
        seen.requests.ended(method="GET", route="/a", status=200, seconds=0.001)
    seen.webhooks.refused("stripe", "another_mode", is_foreign=False)
    seen.webhooks.refused("stripe", "another_business", is_foreign=True)
    found = await values(rules)
    assert (found["error_rate"], found["foreign_webhooks"]) == (25, 1)
    assert 1000 < (found["slow_answers"] or 0) < 2500


async def test_the_database_is_down_when_it_cannot_be_asked(database: TestDatabase) -> None:
    there, away = Database(database.app, size=3), Database(AWAY, size=3)
    seen = telemetry().instruments
    found = [await rules_of_every_process(settings(), seen, each)[DATABASE_DOWN]() for each in (there, away)]
    assert found == [0.0, 1.0]
    await there.close()
    await away.close()


@pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")
async def test_the_worker_measures_what_waits(own_database: TestDatabase) -> None:
    relaying = Database(own_database.relay, size=1)
    seen = telemetry().instruments
    rules = rules_of_the_worker(settings(), seen.envelopes, relaying)
    admin = await asyncpg.connect(own_database.admin)
    assert await values(rules) == {"outbox_age": 0, "parked_envelopes": 0, "calls_in_doubt": 0}
    now = await admin.fetchval("select now()")
    await admin.execute(PUT_IN, new_id(), None)
    await admin.execute(PUT_IN, new_id(), now)
    found = await values(rules)
    assert (300 <= (found["outbox_age"] or 0) < 400, found["parked_envelopes"]) == (True, 1)
    assert seen.registry.get_sample_value("frontdesk_outbox_waiting") == 1
    await admin.close()
    await relaying.close()


async def test_an_alert_goes_all_the_way(database: TestDatabase, tmp_path: Path) -> None:
    """Raised by a process, it is posted, mailed, written down, shown to an admin; metrics are served meanwhile."""
    seen, port = telemetry(), free_port()

    async def burning() -> float:
        return 42.0

    fire = Rule(name="fire", unit="degrees", threshold=40, quiet_below=30, raise_after=1)
    async with house_over(database, tmp_path, telemetry=seen) as house:
        tenant = await new_tenant(house)
        with listener() as operator:
            of = settings(ALERT_WEBHOOK_URL=operator.url, ALERT_MAIL_TO="operator@example.com")
            async with observed(seen, of, container=house.container, port=port, rules={fire: burning}):
                await until(lambda: operator.told and house.mail_to("operator@example.com"))
                async with house.client(tenant.owner.token) as client:
                    alerts: list[dict[str, object]] = []
                    async with in_time(10):
                        while "fire" not in {alert["rule"] for alert in alerts}:
                            alerts = (await client.get("/admin/alerts")).json()["items"]
                async with httpx.AsyncClient() as prometheus:
                    series = (await prometheus.get(f"http://127.0.0.1:{port}/metrics")).text
                    address = prometheus.build_request("GET", f"http://127.0.0.1:{port}/metrics")
        async with httpx.AsyncClient() as prometheus:
            with pytest.raises(httpx.ConnectError):
                await prometheus.send(address)
    assert b'"state":"raised"' in operator.told[0].body
    assert "frontdesk_database_pool_in_use" in series
    [raised] = [alert for alert in alerts if alert["rule"] == "fire"]
    assert (raised["state"], raised["value"], raised["threshold"], raised["source"]) == ("raised", 42.0, 40.0, "api")
    assert {alert["rule"] for alert in alerts} >= {"fire", "database_down", "provider_failures"}


async def test_a_process_that_is_gone_is_shown_no_more(own_database: TestDatabase, tmp_path: Path) -> None:
    pool = Database(own_database.app, size=3)
    admin = await asyncpg.connect(own_database.admin)
    now = await admin.fetchval("select now()")
    alert = Alert(rule="r", source="worker", state=State.QUIET, value=1, threshold=2, unit="u", since=now)
    there, gone, forgotten = new_id(), new_id(), new_id()
    for process in (gone, forgotten, there):
        await PostgresAlerts(pool, process).write([alert])
    for process, ago in ((gone, "2 minutes"), (forgotten, "2 hours")):
        await admin.execute(f"update work.alerts set seen_at = now() - interval '{ago}' where process = $1", process)
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client:
            assert len((await client.get("/admin/alerts")).json()["items"]) == 1
    await PostgresAlerts(pool, there).write([alert])
    assert {row["process"] for row in await admin.fetch("select process from work.alerts")} == {there, gone}
    await admin.close()
    await pool.close()

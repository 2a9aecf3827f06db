"""Whether an answer tells who has an account, by its time or by the work behind it: attacks 129 and 130.

Run it with `PYTHONPATH=. .venv/bin/python bench/who_has_an_account.py [samples]`. Known and unknown addresses are asked
in turns, in a random order, so that whatever else the machine does meets both alike. The two sets of times are compared
by rank: the area under the curve is 0.5 where they tell nothing apart, and must lie within 0.45 and 0.55, the medians
within 2 ms of each other. `p` is that of the rank test (Mann and Whitney): the chance of such a difference by accident.

The time is that which passes for the caller; beside it stands the processor time of the application's process, which
other processes disturb less. Statements and hashes are counted in one call of each kind.
"""

import asyncio
import hashlib
import logging
import math
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import structlog
from asyncpg.connection import LoggedQuery

from infra.passwords import OWASP, Argon2Passwords
from infra.postgres.database import Database
from tests.support.databases import Databases
from tests.support.house import House, house_over
from tests.support.registrations import an_address, an_order
from tests.support.server import postgres_server
from tests.support.signed_up import SignedUp, signed_up

SAMPLES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
WARM_UP = 20
KNOWN, UNKNOWN = True, False
PEOPLE = """
    with known as (
        insert into directory.accounts (id, email, password_hash, verified_at)
        select gen_random_uuid(), 'known-' || i || '@example.com', $2, now() from generate_series(0, $3::int) i
        returning id, email
    ), members as (
        insert into directory.memberships (account_id, tenant_id, user_id, role)
        select id, $1, id, 'member' from known returning user_id
    )
    insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)
    select $1, k.id, k.id, 'member', k.email, 'u' || left(replace(k.id::text, '-', ''), 20), 'Known', now(), now()
    from known k join members m on m.user_id = k.id
"""
INVITE = """
    with made as (
        insert into invitations (tenant_id, id, email, role, invited_by, expires_at, created_at, updated_at)
        values ($1, gen_random_uuid(), $2, 'member', $3, now() + interval '7 days', now(), now()) returning id
    )
    insert into directory.invitation_tokens (digest, tenant_id, invitation_id) select $4, $1, id from made
"""
TOKENS = {KNOWN: "k" * 43, UNKNOWN: "u" * 43}


class Call(msgspec.Struct, frozen=True):
    """A request about an address, by somebody or by anybody."""

    name: str
    path: Callable[[bool], str]
    body: Callable[[str], dict[str, Any]]
    token: str | None = None


class Compared(msgspec.Struct):
    """Milliseconds of one call, for those with an account and those without."""

    wall: dict[bool, list[float]]
    worked: dict[bool, list[float]]
    statuses: dict[bool, set[int]]


def calls(inviter: SignedUp, slug: str) -> list[Call]:
    def at(path: str) -> Callable[[bool], str]:
        return lambda _: path

    def joining(email: str) -> dict[str, Any]:
        order = an_order(email, tenantSlug=slug)
        del order["tenantName"]
        return order

    return [
        Call("login", at("/auth/login"), lambda email: {"email": email, "password": "Wrong-Horse-7"}),
        Call("reset", at("/auth/forgot-password"), lambda email: {"email": email}),
        Call("resend", at("/auth/resend-verification"), lambda email: {"email": email}),
        Call("register", at("/auth/register"), an_order),
        Call("join by slug", at("/auth/register"), joining),
        Call("invite", at("/admin/invitations"), lambda email: {"email": email, "role": "member"}, inviter.token),
        Call(
            "accept an invitation, no password",
            lambda is_known: f"/auth/invitations/{TOKENS[is_known]}/accept",
            lambda _: {"displayName": "Grace Hopper"},
        ),
    ]


async def asked(house: House, call: Call, is_known: bool, number: int) -> tuple[float, float, int]:
    """Milliseconds that passed, and that the process worked; and the status."""
    email = f"known-{number}@example.com" if is_known else an_address()
    async with house.client(call.token) as client:
        started, worked = time.perf_counter(), time.process_time()
        answer = await client.post(call.path(is_known), json=call.body(email))
        return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000, answer.status_code


async def compare(house: House, call: Call, numbers: Iterator[int]) -> Compared:
    both = (KNOWN, UNKNOWN)
    found = Compared({each: [] for each in both}, {each: [] for each in both}, {each: set() for each in both})
    for turn in range(-WARM_UP, SAMPLES):
        for is_known in random.sample(both, 2):
            wall, worked, status = await asked(house, call, is_known, next(numbers))
            if turn >= 0:
                found.wall[is_known].append(wall)
                found.worked[is_known].append(worked)
            found.statuses[is_known].add(status)
    return found


def area(one: list[float], other: list[float]) -> float:
    """How often a time of `one` is longer than one of `other`."""
    ranked = sorted(other)
    wins = sum((bisect_left(ranked, each) + bisect_right(ranked, each)) / 2 for each in one)
    return wins / (len(one) * len(other))


def accident(found: float, each: int) -> float:
    """The p of the rank test, two-sided, by its normal approximation."""
    deviation = math.sqrt((2 * each + 1) / (12 * each * each))
    return math.erfc(abs(found - 0.5) / deviation / math.sqrt(2))


def line(call: Call, found: Compared, counted: dict[bool, tuple[int, int]]) -> str:
    cells = [call.name, str(SAMPLES)]
    for times in (found.wall, found.worked):
        one, other = times[KNOWN], times[UNKNOWN]
        share = area(one, other)
        gap = statistics.median(one) - statistics.median(other)
        cells += [f"{share:.3f}", f"{accident(share, SAMPLES):.2f}", f"{gap:+.2f} ({statistics.median(other):.1f})"]
    cells += [f"{counted[KNOWN][at]} / {counted[UNKNOWN][at]}" for at in (0, 1)]
    cells.append(" / ".join(",".join(map(str, sorted(found.statuses[each]))) for each in (KNOWN, UNKNOWN)))
    return "| " + " | ".join(cells) + " |"


@contextmanager
def hashes_counted() -> Iterator[list[str]]:
    """The hashes that are computed meanwhile, whether to keep or to compare."""
    made: list[str] = []
    before = Argon2Passwords.hash, Argon2Passwords.verify

    async def hash_counted(self: Argon2Passwords, password: str) -> str:
        made.append("hash")
        return await before[0](self, password)

    async def verify_counted(self: Argon2Passwords, password: str, password_hash: str | None) -> bool:
        made.append("verify")
        return await before[1](self, password, password_hash)

    Argon2Passwords.hash, Argon2Passwords.verify = hash_counted, verify_counted  # type: ignore[method-assign]  # to count
    try:
        yield made
    finally:
        Argon2Passwords.hash, Argon2Passwords.verify = before  # type: ignore[method-assign]  # as they were


@asynccontextmanager
async def statements_counted(house: House) -> AsyncIterator[list[str]]:
    """The statements of the application's only connection, less those of the clock."""
    made: list[str] = []

    def note(query: LoggedQuery) -> None:
        if "work.clock" not in query.query:
            made.append(query.query)

    database = await house.container.get(Database)
    async with database.connection() as connection:
        connection.add_query_logger(note)
    yield made
    await asyncio.sleep(0)
    async with database.connection() as connection:
        connection.remove_query_logger(note)


async def counted(house: House, call: Call, number: int) -> dict[bool, tuple[int, int]]:
    """Statements and hashes."""
    found = {}
    for is_known in (KNOWN, UNKNOWN):
        with hashes_counted() as hashes:
            async with statements_counted(house) as statements:
                await asked(house, call, is_known, number)
            found[is_known] = (len(statements), len(hashes))
    return found


async def prepare(house: House, inviter: SignedUp, other: SignedUp, people: int) -> None:
    """People with accounts, none of them the inviter's users; a tenant that lets everybody join; two invitations."""
    admin = await asyncpg.connect(house.database.admin)
    password_hash = await Argon2Passwords().hash("Correct-Horse-7")
    await admin.execute(PEOPLE, UUID(other.tenant["id"]), password_hash, people)
    for is_known, token in TOKENS.items():
        email = "known-0@example.com" if is_known else an_address()
        digest = hashlib.sha256(token.encode()).digest()
        tenant, user = UUID(inviter.tenant["id"]), UUID(inviter.user["id"])
        await admin.execute(INVITE, tenant, email, user, digest)
    await admin.execute("vacuum analyze")
    await admin.close()
    async with house.client(other.token) as client:
        (await client.patch("/tenants/me", json={"registration": "open"})).raise_for_status()


async def measure(admin_url: str, folder: Path) -> None:
    database = await Databases(admin_url).new()
    async with house_over(database, folder, pool_size=1, hashing_cost=OWASP) as house:
        inviter, other = await signed_up(house), await signed_up(house)
        people = SAMPLES + WARM_UP + 1
        await prepare(house, inviter, other, people)
        print(
            "| call | samples each | wall: area | p | gap (median), ms | CPU: area | p | gap (median), ms | statements,"
            " known / unknown | hashes | status |\n|---|---|---|---|---|---|---|---|---|---|---|"
        )
        for call in calls(inviter, other.tenant["slug"]):
            numbers = (number // 2 + 1 for number in range(2 * people))
            found = await compare(house, call, numbers)
            print(line(call, found, await counted(house, call, people)), flush=True)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with postgres_server() as admin_url, tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        asyncio.run(measure(admin_url, Path(folder)))


if __name__ == "__main__":
    main()

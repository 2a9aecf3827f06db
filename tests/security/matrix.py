"""Each tenant table, command, bound tenant and row's tenant, crossed: what must come of it, and what does."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import product

import asyncpg
import msgspec

from domains.shared.ids import new_id
from tests.security.catalogue.rule import TENANT_TABLES
from tests.security.rows import Row, make_row, stored_row

FORBIDDEN = "42501"
NOT_A_UUID = "22P02"
REFERRED_TO = "23503"
SEES_ALL = {
    ("public.event_log", "frontdesk_relay"),
    ("work.envelopes", "frontdesk_relay"),
    ("work.jobs", "frontdesk_relay"),
    ("work.stream", "frontdesk_relay"),
    ("work.stream_heads", "frontdesk_relay"),
    ("work.unsealed", "frontdesk_relay"),
    ("work.unsettled", "frontdesk_relay"),
}
"""The relay finds the envelopes, and numbers the events, of all tenants."""

ROLES = ("frontdesk_app", "frontdesk_relay")
COMMANDS = ("select", "insert", "update", "delete")


class Bound(StrEnum):
    """To what the transaction is bound."""

    A = "a"
    B = "b"
    NOTHING = "nothing"
    EMPTY = "empty"
    GARBAGE = "garbage"


class Case(msgspec.Struct, frozen=True):
    """One cell. `owner` is `a` or `b`: whose row it is."""

    table: str
    role: str
    command: str
    bound: Bound
    owner: str

    def __str__(self) -> str:
        return f"{self.role} {self.command} {self.table}, bound to {self.bound.value}, row of {self.owner}"

    def expected(self, *, may: bool) -> set[str]:
        """Rows affected, or the SQLSTATE of the refusal. Deleting what others refer to may be refused for that."""
        if not may:
            return {FORBIDDEN}
        if (self.table, self.role) in SEES_ALL:
            return {"1"}
        if self.bound is Bound.GARBAGE:
            return {NOT_A_UUID}
        if self.bound.value == self.owner:
            return {"1", REFERRED_TO} if self.command == "delete" else {"1"}
        return {FORBIDDEN} if self.command == "insert" else {"0"}


class Cells(msgspec.Struct, frozen=True):
    """The rows of one table that the cases are tried on: two tenants have one, two have none yet."""

    table: str
    key: list[str]
    stored: dict[str, Row]
    wanted: dict[str, Row]

    def statement(self, case: Case) -> tuple[str, list[str]]:
        """The SQL of a case and its values."""
        if case.command == "insert":
            row = self.wanted[case.owner]
            return row.statement, list(row.values.values())
        row = self.stored[case.owner]
        meets = " and ".join(f"{name} = cast(${at}::text as {row.types[name]})" for at, name in enumerate(self.key, 1))
        what = {
            "select": f"select from {self.table} where {meets}",
            "update": f"update {self.table} set tenant_id = tenant_id where {meets}",
            "delete": f"delete from {self.table} where {meets}",
        }
        return what[case.command], [row.values[name] for name in self.key]

    def binding(self, case: Case) -> str | None:
        rows = self.wanted if case.command == "insert" else self.stored
        if case.bound in (Bound.A, Bound.B):
            return rows[case.bound.value].values["tenant_id"]
        return {Bound.EMPTY: "", Bound.GARBAGE: "no uuid' or true --"}.get(case.bound)


async def breaches(inspector: asyncpg.Connection, tables: Sequence[str] = ()) -> list[str]:
    """The cells of all tables, or of `tables`, whose outcome is not the expected one.

    `inspector` is a superuser's; nothing is left behind.
    What needs nothing bound comes first: a session that was bound once shows an empty text where a fresh one has null.
    """
    transaction = inspector.transaction()
    await transaction.start()
    try:
        all_cells = [await cells_of(inspector, table) for table in tables or await tenant_tables(inspector)]
        all_cases = [(case, cells) for cells in all_cells for case in cases(cells.table)]
        all_cases.sort(key=lambda one: one[0].bound is not Bound.NOTHING)
        return [breach for case, cells in all_cases for breach in await _tried(inspector, case, cells)]
    finally:
        await transaction.rollback()


async def tenant_tables(inspector: asyncpg.Connection) -> list[str]:
    """Their full names: whoever has no right on a schema finds nothing in it by a short one."""
    named = f"select schema || '.' || relname from ({TENANT_TABLES}) t order by 1"
    return [row[0] for row in await inspector.fetch(named)]


def cases(table: str) -> Iterator[Case]:
    for role, command, bound, owner in product(ROLES, COMMANDS, Bound, ("a", "b")):
        yield Case(table, role, command, bound, owner)


async def cells_of(inspector: asyncpg.Connection, table: str) -> Cells:
    key = await inspector.fetchval(
        "select array_agg(a.attname::text) from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid"
        " and a.attnum = any (k.conkey) where k.conrelid = $1::text::regclass and k.contype = 'p'",
        table,
    )
    stored = {owner: await stored_row(inspector, table, new_id()) for owner in ("a", "b")}
    wanted = {owner: await make_row(inspector, table, new_id()) for owner in ("a", "b")}
    return Cells(table, key, stored, wanted)


async def _tried(inspector: asyncpg.Connection, case: Case, cells: Cells) -> list[str]:
    may = await inspector.fetchval("select has_table_privilege($1, $2, $3)", case.role, case.table, case.command)
    expected = case.expected(may=may)
    outcome = await _outcome(inspector, case, cells)
    return [] if outcome in expected else [f"{case}: {outcome}, not {' or '.join(sorted(expected))}"]


async def _outcome(inspector: asyncpg.Connection, case: Case, cells: Cells) -> str:
    """Rows affected, or an SQLSTATE. Whatever it did is undone."""
    attempt = inspector.transaction()
    await attempt.start()
    try:
        if (bound := cells.binding(case)) is not None:
            await inspector.execute("select set_config('app.tenant_id', $1, true)", bound)
        await inspector.execute(f"set local session authorization {case.role}")
        statement, values = cells.statement(case)
        return str((await inspector.execute(statement, *values)).split()[-1])
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    finally:
        await attempt.rollback()

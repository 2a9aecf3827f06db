"""Statements over fields of an entity that are columns of its table, by the same names and in the order given."""

from collections.abc import Sequence


def inserting(table: str, fields: Sequence[str]) -> str:
    """`$1` is the tenant, the fields are `$2` on."""
    places = ", ".join(f"${at}" for at in range(2, len(fields) + 2))
    return f"insert into {table} (tenant_id, {', '.join(fields)}) values ($1, {places})"  # noqa: S608 - names of our own tables and fields, as below


def updating(table: str, fields: Sequence[str]) -> str:
    """`$1` is the id, the fields are `$2` on."""
    places = ", ".join(f"{name} = ${at}" for at, name in enumerate(fields, 2))
    return f"update {table} set {places} where id = $1"  # noqa: S608 - as above

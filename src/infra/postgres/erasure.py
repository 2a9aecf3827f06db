"""What erasing a person does to each table, made from what the tables' columns declare."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import ARRAY, JSON

from infra.postgres.tables import Names, Privacy, metadata

BY_ITS_OWN_FUNCTION = {"audit_log": "public.erase_from_audit"}
"""Tables that the application may not change, and what erases whom they name."""
_THEIR_ADDRESS = "(select u.email from users u where u.id = $1)"
BY_ADDRESS = (
    f"delete from letters where recipient = {_THEIR_ADDRESS}",  # noqa: S608 - put together from constants, as below
    f"update invitations set email = 'erased-' || id where email = {_THEIR_ADDRESS}",  # noqa: S608 - as above
)
"""What names a person by nothing but the address: done first, while the address is still there."""


@cache
def statements() -> tuple[str, ...]:
    """One a column that names the person whom the row is about, after those by address.

    `$1` is the id of a user or a customer.
    """
    return (*BY_ADDRESS, *(statement for table in metadata.sorted_tables for statement in _for_table(table)))


def _for_table(table: Table) -> Iterator[str]:
    for column in table.columns:
        whom = column.info.get("names")
        if whom is Names.SUBJECT:
            yield f"delete from {table.name} where {column.name} = $1"  # noqa: S608 - names of our own tables
        elif whom is Names.PERSON:
            emptied = ", ".join(f"{each.name} = {_blank(each)}" for each in table.columns if _is_emptied(each))
            yield f"update {table.name} set {emptied} where {column.name} = $1"  # noqa: S608 - as above


def _is_emptied(column: Column[object]) -> bool:
    is_about_them = column.info.get("privacy") is Privacy.PERSONAL or column.info.get("blank") is not None
    return is_about_them and column.computed is None


def _blank(column: Column[object]) -> str:
    if said := column.info.get("blank"):
        return str(said)
    if column.nullable:
        return "null"
    return "'{}'" if isinstance(column.type, ARRAY | JSON | JSONB) else "''"

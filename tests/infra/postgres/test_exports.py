"""What is exported follows from the tables' models: a new table is in, or the build fails."""

from infra.postgres.exports import NOT_OWN, OWN_ROWS
from infra.postgres.tables import metadata


def test_each_table_is_in_one_s_own_export_or_left_out_for_a_reason() -> None:
    assert sorted([*OWN_ROWS, *NOT_OWN]) == sorted(metadata.tables)
    assert all(len(reason.split()) > 2 for reason in NOT_OWN.values())


def test_what_one_s_own_export_names_is_there() -> None:
    for table, own in OWN_ROWS.items():
        assert {own.column, *own.without} <= set(metadata.tables[table].columns.keys()), table

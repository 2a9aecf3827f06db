"""Files that jobs were given to work on count as storage too, for as long as they are kept.

Revision: 0500, after 0420.
"""

from infra.postgres.schema import run

revision = "0500"
down_revision = "0420"
branch_labels = None
depends_on = None

_MADE = "coalesce(file_bytes, 0)"
_MADE_AND_GIVEN = f"{_MADE} + coalesce(given_bytes, 0)"


def upgrade() -> None:
    run("alter table jobs add given_bytes bigint", _counting(_MADE_AND_GIVEN))


def downgrade() -> None:
    run(
        *(f"alter table {table} no force row level security" for table in ("jobs", "usage_counters")),
        "update jobs set given_bytes = null where given_bytes is not null",
        *(f"alter table {table} force row level security" for table in ("jobs", "usage_counters")),
        _counting(_MADE),
        "alter table jobs drop given_bytes",
    )


def _counting(amount: str) -> str:
    new, old = (f"select tenant_id, {sign}({amount}) as change from {rows}" for sign, rows in _STATES)
    return f"""
        create or replace function public.count_jobs() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
        begin
            if tg_op = 'INSERT' then
                {_tally(new)}
            elsif tg_op = 'DELETE' then
                {_tally(old)}
            else
                {_tally(f"{new} union all {old}")}
            end if;
            return null;
        end
        $$
    """


_STATES = (("", "new_rows"), ("-", "old_rows"))


def _tally(changes: str) -> str:
    return f"""
                insert into usage_counters as c (tenant_id, quota, slot, used)
                select tenant_id, 'storage_bytes', pg_backend_pid() % 16, sum(change) from ({changes}) changes
                group by tenant_id having sum(change) <> 0
                on conflict (tenant_id, quota, slot) do update set used = c.used + excluded.used;
    """

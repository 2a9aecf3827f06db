"""Policies work out the bound tenant once a statement, and are planned for any tenant alike.

Revision: 0510, after 0420.
"""

from infra.postgres.schema import BOUND_TENANT, run

revision = "0510"
down_revision = "0420"
branch_labels = None
depends_on = None

_A_ROW = f"tenant_id = {BOUND_TENANT}"
_A_STATEMENT = f"tenant_id = (select {BOUND_TENANT})"
# Every policy that asks for the bound tenant asks for nothing else: see tests/security/catalogue/tables.py.
_ALTER = """
    do $$
    declare
        each record;
    begin
        for each in
            select p.polname as name, p.polrelid::regclass as place, p.polqual is not null as sees,
                   p.polwithcheck is not null as leaves
            from pg_policy p
            where concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                  like '%app.tenant_id%'
        loop
            execute format('alter policy %I on %s', each.name, each.place)
                || case when each.sees then {using} else '' end
                || case when each.leaves then {check} else '' end;
        end loop;
    end
    $$
"""


def _have_policies_read(condition: str) -> None:
    quoted = condition.replace("'", "''")
    run(_ALTER.format(using=f"' using ({quoted})'", check=f"' with check ({quoted})'"))


def upgrade() -> None:
    _have_policies_read(_A_STATEMENT)


def downgrade() -> None:
    _have_policies_read(_A_ROW)

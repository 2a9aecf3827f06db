"""What migrations say again and again: run statements, and close a table to other tenants.

Revisions that have been released rely on these words: add new ones beside them, do not change what they do.
"""

from alembic import op

from infra.postgres.roles import APP

BOUND_TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
_OF_BOUND_TENANT = f"tenant_id = (select {BOUND_TENANT})"
"""A policy's condition. As a subselect it is worked out once a statement, and planned for any tenant alike."""


def run(*statements: str) -> None:
    """Execute statements one by one (the driver takes one a call)."""
    for statement in statements:
        op.execute(statement)


def close_to_other_tenants(table: str, *, app_may: str, whom: str = "public") -> None:
    """Force row-level security on `table`: every command sees and leaves the bound tenant's rows only.

    `app_may` lists the commands that the application gets: `select, insert, update`. `whom` limits the policy to one
    role, where another role has a policy of its own.
    """
    run(
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy bound_tenant on {table} for all to {whom}"
        f" using ({_OF_BOUND_TENANT}) with check ({_OF_BOUND_TENANT})",
        f"grant {app_may} on {table} to {APP}",
    )


def offer_function(signature: str, *, to: str = APP) -> None:
    """Let one role, and no other, call a function that runs with its owner's rights."""
    run(
        f"revoke all on function {signature} from public",
        f"grant execute on function {signature} to {to}",
    )

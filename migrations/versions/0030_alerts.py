"""How each process finds itself (`work.alerts`): names of rules, numbers and times, nothing of a tenant.

Revision: 0030, after 0020.
"""

from infra.postgres.roles import APP
from infra.postgres.schema import run

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table work.alerts (
            process uuid not null,
            rule text not null,
            source text not null,
            state text not null,
            value double precision not null,
            threshold double precision not null,
            unit text not null,
            since timestamptz not null,
            seen_at timestamptz not null default now(),
            primary key (process, rule)
        )
        """,
        # Not to part rows: Postgres shows statistics of values only of tables without.
        "alter table work.alerts enable row level security",
        "alter table work.alerts force row level security",
        f"create policy of_every_process on work.alerts for all to {APP} using (true) with check (true)",
        f"grant select, insert, update, delete on work.alerts to {APP}",
    )


def downgrade() -> None:
    run("drop table work.alerts")

"""Jobs: what the tenant sees of them (`jobs`), and what the workers need to hand them on (`work.jobs`: ids and times).

Revision: 0120, after 0110.
"""

from infra.postgres.roles import APP, RELAY
from infra.postgres.schema import close_to_other_tenants, run

revision = "0120"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table jobs (
            tenant_id uuid not null references tenants,
            id uuid not null,
            kind text not null,
            subject_id uuid not null,
            requested_by uuid not null,
            status text not null constraint status check (
                status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')
            ),
            done bigint not null default 0,
            total bigint,
            position jsonb not null default '{}',
            counts jsonb not null default '{}',
            errors jsonb not null default '[]',
            file_name text,
            file_bytes bigint,
            file_until timestamptz,
            created_at timestamptz not null,
            started_at timestamptz,
            finished_at timestamptz,
            primary key (tenant_id, id)
        )
        """,
        """
        create unique index jobs_unfinished on jobs (tenant_id, kind, subject_id)
        where status in ('queued', 'running')
        """,
        "create index jobs_by_creation on jobs (tenant_id, created_at desc, id desc)",
        "create index jobs_by_person on jobs (tenant_id, requested_by, created_at desc, id desc)",
    )
    close_to_other_tenants("jobs", app_may="select, insert, update")
    _make_envelopes()


def _make_envelopes() -> None:
    run(
        """
        create table work.jobs (
            tenant_id uuid not null,
            id uuid not null,
            kind text not null,
            fence integer not null default 0,
            attempts integer not null default 0,
            queued_at timestamptz not null default now(),
            hand_at timestamptz not null default '-infinity',
            held_until timestamptz not null default '-infinity',
            parked_at timestamptz,
            primary key (tenant_id, id)
        )
        """,
        "create index jobs_by_id on work.jobs (id)",
        f"grant select on work.jobs to {RELAY}",
        f"create policy see on work.jobs for select to {RELAY} using (true)",
    )
    close_to_other_tenants("work.jobs", app_may="select, insert, update, delete", whom=APP)


def downgrade() -> None:
    run("drop table work.jobs", "drop table jobs")

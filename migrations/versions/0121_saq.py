"""SAQ's own tables, in a schema of their own: `saq` 0.26 would make them itself, with rights that no role of ours has.

Jobs in them hold an envelope's id and nothing else; the relay's role reads and writes them.

Revision: 0121, after 0120.
"""

from infra.postgres.roles import RELAY
from infra.postgres.schema import run

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

_VERSION_OF_THE_SCHEMA = 3


def upgrade() -> None:
    run(
        "create schema saq",
        "create table saq.saq_versions (version integer primary key)",
        f"insert into saq.saq_versions values ({_VERSION_OF_THE_SCHEMA})",
        """
        create table saq.saq_jobs (
            key text primary key,
            lock_key integer not null default 0,
            job bytea not null,
            queue text not null,
            status text not null,
            priority smallint not null default 0,
            group_key text,
            scheduled bigint not null default extract(epoch from now()),
            expire_at bigint
        )
        """,
        "create index saq_jobs_status_queue_group_key_idx on saq.saq_jobs (status, queue, group_key)",
        "create index saq_jobs_status_queue_priority_scheduled_idx"
        " on saq.saq_jobs (status, queue, priority, scheduled)",
        """
        create table saq.saq_stats (
            worker_id text primary key,
            stats jsonb,
            expire_at bigint,
            metadata jsonb,
            queue_key text
        )
        """,
        "create index saq_stats_expire_at_idx on saq.saq_stats (expire_at)",
        "create index saq_stats_queue_key_idx on saq.saq_stats (queue_key)",
        f"grant usage on schema saq to {RELAY}",
        f"grant select on saq.saq_versions to {RELAY}",
        f"grant select, insert, update, delete on saq.saq_jobs, saq.saq_stats to {RELAY}",
    )


def downgrade() -> None:
    run("drop schema saq cascade")

"""Imports of customers: what was wrong with which row, and, of a dry run, which contacts were seen in the file.

Revision: 0245, after 0234.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0245"
down_revision = "0234"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table customer_import_faults (
            tenant_id uuid not null,
            job_id uuid not null,
            id uuid not null,
            line integer not null,
            field text not null,
            code text not null,
            message text not null,
            primary key (tenant_id, job_id, id),
            foreign key (tenant_id, job_id) references jobs on delete cascade
        )
        """,
        "create index customer_import_faults_by_line on customer_import_faults (tenant_id, job_id, line, id)",
        """
        create table customer_import_contacts (
            tenant_id uuid not null,
            job_id uuid not null,
            contact text not null,
            line integer not null,
            primary key (tenant_id, job_id, contact),
            foreign key (tenant_id, job_id) references jobs on delete cascade
        )
        """,
    )
    close_to_other_tenants("customer_import_faults", app_may="select, insert, delete")
    close_to_other_tenants("customer_import_contacts", app_may="select, insert, delete")


def downgrade() -> None:
    run("drop table customer_import_contacts", "drop table customer_import_faults")

"""Versions of quotes: which one revises which, and what took the place of what.

Revision: 0860, after 0850.
"""

from infra.postgres.schema import run

revision = "0860"
down_revision = "0850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table quotes add revision integer not null default 1, add revision_of uuid, add superseded_by uuid",
        """
        alter table quotes
            add constraint revision check (revision >= 1 and (revision = 1) = (revision_of is null)) not valid,
            add constraint quotes_revision_of_fkey foreign key (tenant_id, revision_of) references quotes not valid
        """,
        "alter table quotes validate constraint revision, validate constraint quotes_revision_of_fkey",
        "create unique index quotes_by_revision on quotes (tenant_id, revision_of) where revision_of is not null",
    )


def downgrade() -> None:
    run("alter table quotes drop superseded_by, drop revision_of, drop revision")

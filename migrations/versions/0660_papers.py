"""What stands on a business's papers, and its logo.

Revision: 0660, after 0630.
"""

from infra.postgres.schema import run

revision = "0660"
down_revision = "0630"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "alter table tenants add documents jsonb not null default '{}', add logo jsonb,"
        " add logo_png bytea check (octet_length(logo_png) <= 524288)",
    )


def downgrade() -> None:
    run("alter table tenants drop logo_png, drop logo, drop documents")

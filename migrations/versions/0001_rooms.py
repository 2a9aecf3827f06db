"""Schemas: `directory` for what exists before a tenant is known, `work` for envelopes.

Revision: 0001.
"""

from infra.postgres.schema import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        "create schema directory",
        "create schema work",
        "grant usage on schema public to frontdesk_app",
        "grant usage on schema directory to frontdesk_app",
        "grant usage on schema work to frontdesk_app, frontdesk_relay",
        "alter default privileges revoke execute on functions from public",
    )


def downgrade() -> None:
    run(
        "alter default privileges grant execute on functions to public",
        "drop schema work",
        "drop schema directory",
        "revoke usage on schema public from frontdesk_app",
    )

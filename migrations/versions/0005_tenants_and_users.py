"""The tenant's own record and its users.

Revision: 0005, after 0004.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table tenants (
            tenant_id uuid primary key,
            slug text not null,
            name text not null,
            timezone text not null,
            currency text not null,
            locale text not null,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null
        )
        """,
        """
        create table users (
            tenant_id uuid not null references tenants,
            id uuid not null,
            account_id uuid not null,
            role text not null check (role in ('owner', 'admin', 'staff', 'member')),
            email text not null,
            username text not null check (username ~ '^[a-z0-9._-]{2,32}$'),
            display_name text not null,
            first_name text,
            last_name text,
            company text,
            title text,
            phone text,
            preferred_language text,
            timezone text,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id),
            unique (tenant_id, account_id),
            unique (tenant_id, username)
        )
        """,
    )
    close_to_other_tenants("tenants", app_may="select, insert, update")
    close_to_other_tenants("users", app_may="select, insert, update")


def downgrade() -> None:
    run("drop table users", "drop table tenants")

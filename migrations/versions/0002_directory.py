"""Accounts, registrations, tenants' slugs, memberships and sessions. No role but the owner may touch these tables.

Revision: 0002, after 0001.
"""

from infra.postgres.schema import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table directory.accounts (
            id uuid primary key,
            email text not null unique,
            password_hash text not null,
            verified_at timestamptz not null,
            created_at timestamptz not null default now()
        )
        """,
        """
        create table directory.registrations (
            id uuid primary key,
            tenant_id uuid not null unique,
            email text not null,
            password_hash text not null,
            tenant_name text not null,
            display_name text not null,
            profile jsonb not null,
            terms_version text not null,
            terms_accepted_at timestamptz not null,
            code_digest bytea,
            code_expires_at timestamptz,
            tries integer not null default 0,
            created_at timestamptz not null default now()
        )
        """,
        "create index registrations_by_email on directory.registrations (email, created_at desc)",
        """
        create table directory.tenants (
            id uuid primary key,
            slug text not null unique check (slug ~ '^[a-z0-9-]{3,40}$'),
            name text not null,
            created_at timestamptz not null default now()
        )
        """,
        """
        create table directory.memberships (
            account_id uuid not null references directory.accounts,
            tenant_id uuid not null references directory.tenants,
            user_id uuid not null,
            role text not null check (role in ('owner', 'admin', 'staff', 'member')),
            last_used_at timestamptz not null default now(),
            primary key (account_id, tenant_id),
            unique (tenant_id, user_id)
        )
        """,
        """
        create table directory.sessions (
            id uuid primary key,
            account_id uuid not null,
            tenant_id uuid not null,
            expires_at timestamptz not null,
            created_at timestamptz not null default now(),
            foreign key (account_id, tenant_id) references directory.memberships
        )
        """,
        "create index sessions_by_member on directory.sessions (account_id, tenant_id)",
    )


def downgrade() -> None:
    run(
        "drop table directory.sessions",
        "drop table directory.memberships",
        "drop table directory.tenants",
        "drop table directory.registrations",
        "drop table directory.accounts",
    )

"""Invitations: a tenant's own rows, and in the directory the digest of each mailed token.

The role that is given is the one that stands in the tenant's row, read where the membership is made.

Revision: 0183, after 0182.
"""

from infra.postgres.schema import BOUND_TENANT, close_to_other_tenants, offer_function, run

revision = "0183"
down_revision = "0182"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.issue_invitation(bytea, uuid)": f"""
        create function directory.issue_invitation(token bytea, invitation uuid) returns void
        language plpgsql {_AS_OWNER} as $$
        begin
            delete from invitation_tokens t where t.tenant_id = {BOUND_TENANT} and t.invitation_id = invitation;
            insert into invitation_tokens (digest, tenant_id, invitation_id) values (token, {BOUND_TENANT}, invitation);
        end
        $$
    """,
    "directory.invitation_of(bytea)": f"""
        create function directory.invitation_of(token bytea, out tenant uuid, out invitation uuid)
        language sql stable {_AS_OWNER} as $$
            select t.tenant_id, t.invitation_id from invitation_tokens t where t.digest = token
        $$
    """,
    "directory.accept_invitation(bytea, uuid, text, uuid, timestamptz)": f"""
        create function directory.accept_invitation(
            token bytea, new_account uuid, hash text, member uuid, at timestamptz, out account uuid, out role text
        ) language plpgsql {_AS_OWNER} as $$
        declare
            invited public.invitations;
        begin
            update public.invitations i set accepted_at = at, version = i.version + 1, updated_at = at
            from invitation_tokens t
            where t.digest = token and t.tenant_id = {BOUND_TENANT}
            and i.tenant_id = t.tenant_id and i.id = t.invitation_id
            and i.accepted_at is null and i.revoked_at is null and i.expires_at > at
            returning i.* into invited;
            if invited.id is null then
                return;
            end if;
            if hash is not null then
                insert into accounts (id, email, password_hash, verified_at)
                values (new_account, invited.email, hash, at) on conflict do nothing;
                if not found then
                    return;
                end if;
                delete from registrations r where r.email = invited.email;
            end if;
            select a.id into account from accounts a where a.email = invited.email;
            insert into memberships (account_id, tenant_id, user_id, role)
            select account, invited.tenant_id, member, invited.role where account is not null
            on conflict (account_id, tenant_id) do nothing;
            if found then
                role := invited.role;
            end if;
        end
        $$
    """,
}


def upgrade() -> None:
    run(
        """
        create table invitations (
            tenant_id uuid not null references tenants,
            id uuid not null,
            email text not null,
            role text not null check (role in ('owner', 'admin', 'staff', 'member')),
            invited_by uuid not null,
            expires_at timestamptz not null,
            accepted_at timestamptz,
            revoked_at timestamptz,
            version integer not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, id)
        )
        """,
        "create index invitations_by_creation on invitations (tenant_id, created_at desc, id desc)",
        """
        create unique index invitations_open on invitations (tenant_id, email)
        where accepted_at is null and revoked_at is null
        """,
        """
        create table directory.invitation_tokens (
            digest bytea primary key,
            tenant_id uuid not null references directory.tenants on delete cascade,
            invitation_id uuid not null,
            unique (tenant_id, invitation_id)
        )
        """,
    )
    close_to_other_tenants("invitations", app_may="select, insert, update")
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.invitation_tokens", "drop table invitations")

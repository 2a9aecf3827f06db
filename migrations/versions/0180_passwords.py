"""Passwords are changed, reset by mail, and their hashes renewed.

A reset's token is random and long, so that its SHA-256 is all that is kept. A new password ends sessions and resets.

Revision: 0180, after 0172.
"""

from infra.postgres.schema import offer_function, run

revision = "0180"
down_revision = "0172"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_LAST_USED = "order by m.last_used_at desc, m.tenant_id limit 1"

FUNCTIONS = {
    "directory.home_of(text)": f"""
        create function directory.home_of(address text, out account uuid, out tenant uuid)
        language sql stable {_AS_OWNER} as $$
            select a.id, m.tenant_id from accounts a left join memberships m on m.account_id = a.id
            where a.email = address {_LAST_USED}
        $$
    """,
    "directory.address_of(uuid)": f"""
        create function directory.address_of(session uuid, out address text) language sql stable {_AS_OWNER} as $$
            select a.email from sessions s join accounts a on a.id = s.account_id
            where s.id = session and s.expires_at > now()
        $$
    """,
    "directory.renew_hash(uuid, text, text)": f"""
        create function directory.renew_hash(account uuid, old text, new text) returns void
        language sql {_AS_OWNER} as $$
            update accounts set password_hash = new where id = account and password_hash = old
        $$
    """,
    "directory.change_password(uuid, text, text)": f"""
        create function directory.change_password(session uuid, old text, new text, out account uuid)
        language plpgsql {_AS_OWNER} as $$
        begin
            update accounts a set password_hash = new from sessions s
            where s.id = session and s.expires_at > now() and a.id = s.account_id and a.password_hash = old
            returning a.id into account;
            delete from sessions s where s.account_id = account and s.id <> session;
            delete from password_resets r where r.account_id = account;
        end
        $$
    """,
    "directory.issue_reset(uuid, bytea, interval)": f"""
        create function directory.issue_reset(account uuid, token bytea, lifetime interval, out address text)
        language plpgsql {_AS_OWNER} as $$
        begin
            select a.email into address from accounts a where a.id = account for no key update;
            if address is null then
                return;
            end if;
            delete from password_resets r where r.account_id = account or r.expires_at <= now();
            insert into password_resets (digest, account_id, expires_at) values (token, account, now() + lifetime);
        end
        $$
    """,
    "directory.reset_of(bytea)": f"""
        create function directory.reset_of(token bytea, out address text, out tenant uuid)
        language sql stable {_AS_OWNER} as $$
            select a.email, m.tenant_id
            from password_resets r join accounts a on a.id = r.account_id
            left join memberships m on m.account_id = a.id
            where r.digest = token and r.expires_at > now() {_LAST_USED}
        $$
    """,
    "directory.reset_password(bytea, text)": f"""
        create function directory.reset_password(token bytea, hash text, out account uuid)
        language plpgsql {_AS_OWNER} as $$
        begin
            delete from password_resets r where r.digest = token and r.expires_at > now()
            returning r.account_id into account;
            update accounts a set password_hash = hash where a.id = account;
            delete from sessions s where s.account_id = account;
            delete from password_resets r where r.account_id = account;
        end
        $$
    """,
}


def upgrade() -> None:
    run(
        """
        create table directory.password_resets (
            digest bytea primary key,
            account_id uuid not null references directory.accounts on delete cascade,
            expires_at timestamptz not null
        )
        """,
        "create index password_resets_by_account on directory.password_resets (account_id)",
        "create index password_resets_by_end on directory.password_resets (expires_at)",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.password_resets")

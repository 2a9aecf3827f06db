"""Changes of an account's address: each of the two addresses has a token of its own, and both confirm.

Revision: 0184, after 0183.
"""

from infra.postgres.schema import offer_function, run

revision = "0184"
down_revision = "0183"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_LIVE = "c.expires_at > now() and token in (c.old_digest, c.new_digest)"

FUNCTIONS = {
    "directory.ask_email_change(uuid, text, interval)": f"""
        create function directory.ask_email_change(session uuid, wanted text, lifetime interval) returns void
        language sql {_AS_OWNER} as $$
            insert into email_changes as c (account_id, new_email, expires_at)
            select s.account_id, wanted, now() + lifetime from sessions s where s.id = session and s.expires_at > now()
            on conflict (account_id) do update
            set new_email = excluded.new_email, expires_at = excluded.expires_at, old_digest = null, new_digest = null,
                old_agrees = false, new_agrees = false
        $$
    """,
    "directory.issue_email_change(uuid, bytea, bytea)": f"""
        create function directory.issue_email_change(
            account uuid, for_old bytea, for_new bytea, out old text, out new text, out is_taken boolean
        ) language plpgsql {_AS_OWNER} as $$
        begin
            update email_changes c set old_digest = for_old, new_digest = for_new, old_agrees = false,
                                       new_agrees = false
            from accounts a where c.account_id = account and c.expires_at > now() and a.id = c.account_id
            returning a.email, c.new_email into old, new;
            is_taken := exists (select from accounts a where a.email = new);
        end
        $$
    """,
    "directory.email_change_of(bytea)": f"""
        create function directory.email_change_of(token bytea, out tenant uuid, out old text)
        language sql stable {_AS_OWNER} as $$
            select m.tenant_id, a.email from email_changes c join accounts a on a.id = c.account_id
            left join memberships m on m.account_id = c.account_id
            where {_LIVE} order by m.last_used_at desc, m.tenant_id limit 1
        $$
    """,
    "directory.agree_to_email_change(bytea)": f"""
        create function directory.agree_to_email_change(token bytea, out account uuid, out is_changed boolean)
        language plpgsql {_AS_OWNER} as $$
        declare
            change email_changes;
        begin
            update email_changes c set old_agrees = c.old_agrees or c.old_digest = token,
                                       new_agrees = c.new_agrees or c.new_digest = token
            where {_LIVE} returning c.* into change;
            account := change.account_id;
            is_changed := change.old_agrees and change.new_agrees;
            if is_changed then
                update accounts a set email = change.new_email where a.id = account;
                delete from email_changes c where c.account_id = account;
                delete from password_resets r where r.account_id = account;
                delete from registrations r where r.email = change.new_email;
            end if;
        exception
            when unique_violation then
                account := null;
                is_changed := false;
        end
        $$
    """,
    "directory.stop_email_change(bytea)": f"""
        create function directory.stop_email_change(token bytea, out account uuid) language sql {_AS_OWNER} as $$
            delete from email_changes c where {_LIVE} returning c.account_id
        $$
    """,
    "directory.places_of(uuid)": f"""
        create function directory.places_of(account uuid)
        returns table (tenant uuid, member uuid, address text) language sql stable {_AS_OWNER} as $$
            select m.tenant_id, m.user_id, a.email from memberships m join accounts a on a.id = m.account_id
            where a.id = account order by m.tenant_id
        $$
    """,
}


def upgrade() -> None:
    run(
        """
        create table directory.email_changes (
            account_id uuid primary key references directory.accounts on delete cascade,
            new_email text not null,
            old_digest bytea unique,
            new_digest bytea unique,
            old_agrees boolean not null default false,
            new_agrees boolean not null default false,
            expires_at timestamptz not null
        )
        """,
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.email_changes")

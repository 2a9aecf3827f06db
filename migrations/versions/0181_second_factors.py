"""Second factors: a shared secret for codes by time (RFC 6238), sealed, and recovery codes as digests.

Revision: 0181, after 0180.
"""

from infra.postgres.schema import offer_function, run

revision = "0181"
down_revision = "0180"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.start_second_factor(uuid, bytea)": f"""
        create function directory.start_second_factor(account uuid, sealed bytea, out started boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            insert into second_factors as f (account_id, secret) values (account, sealed)
            on conflict (account_id) do update set secret = excluded.secret, last_step = null
            where f.confirmed_at is null;
            started := found;
        end
        $$
    """,
    "directory.second_factor(uuid)": f"""
        create function directory.second_factor(account uuid, out sealed bytea, out is_on boolean)
        language sql stable {_AS_OWNER} as $$
            select f.secret, f.confirmed_at is not null from second_factors f where f.account_id = account
        $$
    """,
    "directory.confirm_second_factor(uuid, bigint, bytea[])": f"""
        create function directory.confirm_second_factor(account uuid, step bigint, codes bytea[], out done boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            update second_factors f set confirmed_at = now(), last_step = step
            where f.account_id = account and f.confirmed_at is null;
            done := found;
            if done then
                insert into recovery_codes (account_id, digest) select account, unnest(codes);
            end if;
        end
        $$
    """,
    "directory.use_step(uuid, bigint)": f"""
        create function directory.use_step(account uuid, step bigint, out used boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            update second_factors f set last_step = step
            where f.account_id = account and f.confirmed_at is not null and f.last_step < step;
            used := found;
        end
        $$
    """,
    "directory.use_recovery_code(uuid, bytea)": f"""
        create function directory.use_recovery_code(account uuid, code bytea, out used boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            delete from recovery_codes c where c.account_id = account and c.digest = code;
            used := found;
        end
        $$
    """,
    "directory.replace_recovery_codes(uuid, bytea[])": f"""
        create function directory.replace_recovery_codes(account uuid, codes bytea[], out done boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            perform from second_factors f where f.account_id = account and f.confirmed_at is not null
            for no key update;
            done := found;
            if done then
                delete from recovery_codes c where c.account_id = account;
                insert into recovery_codes (account_id, digest) select account, unnest(codes);
            end if;
        end
        $$
    """,
    "directory.drop_second_factor(uuid)": f"""
        create function directory.drop_second_factor(account uuid, out done boolean) language plpgsql {_AS_OWNER} as $$
        begin
            delete from second_factors f where f.account_id = account and f.confirmed_at is not null;
            done := found;
        end
        $$
    """,
}


def upgrade() -> None:
    run(
        """
        create table directory.second_factors (
            account_id uuid primary key references directory.accounts on delete cascade,
            secret bytea not null,
            confirmed_at timestamptz,
            last_step bigint,
            check (confirmed_at is null or last_step is not null)
        )
        """,
        """
        create table directory.recovery_codes (
            account_id uuid not null references directory.second_factors on delete cascade,
            digest bytea not null,
            primary key (account_id, digest)
        )
        """,
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.recovery_codes", "drop table directory.second_factors")

"""How often a password or a code was tried, and mail asked for, per address: counted here for all processes together.

Addresses are kept as keyed digests only, so that one without an account is counted like any other and nobody's is
written down. What has ended is cleared by the calls that come after it, skipping what others hold.

Revision: 0010, after 0007.
"""

from infra.postgres.schema import offer_function, run

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_REMEMBERED = "interval '90 days'"

FUNCTIONS = {
    "directory.count_attempt(text, bytea, integer, integer)": f"""
        create function directory.count_attempt(
            what text, whose bytea, most integer, seconds integer,
            out granted boolean, out used_up integer, out resets_in double precision
        ) language plpgsql {_AS_OWNER} as $$
        declare
            moment timestamptz := clock_timestamp();
            ends_at timestamptz;
        begin
            insert into attempts as a (kind, key, used, closes_at)
            values (what, whose, 1, moment + make_interval(secs => seconds))
            on conflict (kind, key) do update
            set used = case when a.closes_at <= moment then 1 else a.used + 1 end,
                closes_at = case when a.closes_at <= moment then excluded.closes_at else a.closes_at end
            where a.closes_at <= moment or a.used < most
            returning true, a.used, a.closes_at into granted, used_up, ends_at;
            if granted is null then
                select false, a.used, a.closes_at into granted, used_up, ends_at
                from attempts a where a.kind = what and a.key = whose;
            end if;
            resets_in := extract(epoch from ends_at - moment);
            delete from attempts a where (a.kind, a.key) in (
                select o.kind, o.key from attempts o where o.closes_at <= moment
                order by o.closes_at limit 2 for update skip locked);
        end
        $$
    """,
    "directory.count_login(bytea, bytea, integer, integer)": f"""
        create function directory.count_login(
            stranger bytea, here bytea, most integer, seconds integer,
            out granted boolean, out used_up integer, out resets_in double precision
        ) language sql {_AS_OWNER} as $$
            select c.granted, c.used_up, c.resets_in
            from directory.count_attempt('login', (
                select case when exists (
                    select from known_places k where k.place = here and k.seen_at > now() - {_REMEMBERED}
                ) then here else stranger end
            ), most, seconds) c
        $$
    """,
    "directory.note_login(bytea, bytea)": f"""
        create function directory.note_login(stranger bytea, here bytea) returns void
        language plpgsql {_AS_OWNER} as $$
        begin
            update attempts a set used = a.used - 1
            where a.kind = 'login' and a.used > 0 and a.key = (
                select case when exists (
                    select from known_places k where k.place = here and k.seen_at > now() - {_REMEMBERED}
                ) then here else stranger end
            );
            insert into known_places as k (place, seen_at) values (here, now())
            on conflict (place) do update set seen_at = excluded.seen_at where k.seen_at < now() - interval '1 day';
            delete from known_places k where k.place in (
                select o.place from known_places o where o.seen_at <= now() - {_REMEMBERED}
                order by o.seen_at limit 2 for update skip locked);
        end
        $$
    """,
}


def upgrade() -> None:
    run(
        """
        create table directory.attempts (
            kind text not null,
            key bytea not null,
            used integer not null,
            closes_at timestamptz not null,
            primary key (kind, key)
        )
        """,
        "create index attempts_by_end on directory.attempts (closes_at)",
        "create table directory.known_places (place bytea primary key, seen_at timestamptz not null)",
        "create index known_places_by_age on directory.known_places (seen_at)",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in reversed(FUNCTIONS):
        run(f"drop function {signature}")
    run("drop table directory.known_places", "drop table directory.attempts")

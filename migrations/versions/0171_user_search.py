"""Finding users by what they show: three texts a user, one for each circle of people, kept by a trigger.

A text has five sections, parted by `|`: names, ways to reach, work, places, and skills one by one. Each word begins
after a blank; marks and accents are gone. Only `search_admins`, which holds the others, has an index, and
`search_people`, its first two sections. Of more than 300 who fit, 300 are ranked, and those whose name begins so.

Under row-level security no operator that a search needs would reach an index, so the functions run as
`frontdesk_search`, which sees all users, and keep to the bound tenant themselves. They give ids, nothing else.

Revision: 0171, after 0170.
"""

from infra.postgres.roles import OWNER, SEARCH
from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0171"
down_revision = "0170"
branch_labels = None
depends_on = None

_MOST_RANKED = 300
_FAST = "set search_path = pg_catalog, extensions, pg_temp"
_CIRCLES = {"everyone": ("everyone",), "staff": ("everyone", "staff"), "admins": ("everyone", "staff", "admins")}
_INDEXES = {"people": "search_people", "words": "search_admins"}
_SHOWN = "case circle when 'everyone' then u.search_everyone when 'staff' then u.search_staff else u.search_admins end"


def _plain(value: str) -> str:
    return f"btrim(regexp_replace(unaccent(lower({value})), '[^[:alnum:]]+', ' ', 'g'))"


def _shown(field: str, value: str, circles: tuple[str, ...]) -> str:
    allowed = ", ".join(f"'{circle}'" for circle in circles)
    return f"case when new.field_visibility ->> '{field}' in ({allowed}) then {value} end"


def _text(circles: tuple[str, ...]) -> str:
    def section(*values: str) -> str:
        joined = ", ".join(values)
        return "' ' || " + _plain(f"concat_ws(' ', {joined})") + " || ' '"

    skills = f"(select string_agg({_plain('skill')}, ',') from unnest(new.skills) skill)"
    return " || '|' || ".join(
        (
            section("new.display_name", "new.first_name", "new.last_name", "new.username"),
            section(_shown("email", "new.email", circles), _shown("phone", "new.phone", circles)),
            section(
                _shown("company", "new.company", circles),
                _shown("title", "new.title", circles),
                _shown("skills", "array_to_string(new.skills, ' ')", circles),
            ),
            section(
                _shown("location", "new.location", circles),
                _shown("address", "concat_ws(' ', new.address ->> 'city', new.address ->> 'state')", circles),
            ),
            f"coalesce(',' || {_shown('skills', skills, circles)} || ',', '')",
        )
    )


INDEX_USER = f"""
    create function public.index_user() returns trigger language plpgsql security definer {_FAST} as $$
    begin
        new.search_everyone := {_text(_CIRCLES["everyone"])};
        new.search_staff := {_text(_CIRCLES["staff"])};
        new.search_admins := {_text(_CIRCLES["admins"])};
        new.search_people := split_part(new.search_admins, '|', 1) || split_part(new.search_admins, '|', 2);
        return new;
    end
    $$
"""

_BY_LENGTH = "order by length(word) desc, word"


def _patterns(words: str, name: str, *, begins: str = "% ") -> str:
    """The three longest words as patterns: what begins with them. Each is null where there are fewer."""
    return "".join(
        f"{name}_{at} text := (select '{begins}' || word || '%' from unnest({words}) word"
        f" {_BY_LENGTH} offset {at} limit 1);\n"
        for at in range(3)
    )


def _meets(column: str, name: str) -> str:
    return " and ".join(f"({name}_{at} is null or {column} like {name}_{at})" for at in range(3))


FUNCTIONS = {
    "public.search_users(text, text, integer)": f"""
        create function public.search_users(asked text, circle text, most integer)
        returns table (id uuid, place bigint) language plpgsql stable security definer {_FAST}
        set plan_cache_mode = force_custom_plan set pg_trgm.word_similarity_threshold = 0.5 as $$
        declare
            tenant uuid := {BOUND_TENANT};
            is_number boolean := asked ~ '^[0-9+() ./-]+$';
            phrase text := case when is_number then ltrim(regexp_replace(asked, '[^0-9]', '', 'g'), '0')
                                else {_plain("asked")} end;
            words text[] := regexp_split_to_array(phrase, ' ');
            longest text := (select word from unnest(words) word {_BY_LENGTH} limit 1);
            next_longest text := (select word from unnest(words) word where length(word) > 3
                                  {_BY_LENGTH} offset 1 limit 1);
            digits text := case when is_number then '%' || phrase || '%' end;
            {_patterns("case when is_number then '{}' else words end", "begun")}
        begin
            if length(longest) < 2 then
                return;
            end if;
            return query
                with starting as (
                    select u.id from public.users u
                    where u.tenant_id = tenant and u.suspended_at is null and u.erased_at is null
                      and u.sort_name >= phrase and u.sort_name < phrase || chr(1114111)
                    order by u.sort_name, u.id limit most
                ), fitting as (
                    select u.id from public.users u, lateral (select {_SHOWN}) seen (text)
                    where u.tenant_id = tenant and u.suspended_at is null and u.erased_at is null
                      and (digits is null or u.search_people like digits)
                      and {_meets("u.search_people", "begun")}
                      and (digits is null or split_part(seen.text, '|', 2) like digits)
                      and (is_number or not exists (
                          select from unnest(words) word
                          where split_part(seen.text, '|', 1) || split_part(seen.text, '|', 2)
                                not like '% ' || word || '%'))
                    limit {_MOST_RANKED}
                ), met as (
                    select u.id, u.sort_name, case when u.search_everyone like ' ' || phrase || ' %' then 0
                                                   when u.search_everyone like ' ' || phrase || '%' then 1
                                                   when split_part(u.search_everyone, '|', 1) like begun_0 then 2
                                                   else 3 end as distance
                    from public.users u
                    where u.tenant_id = tenant
                      and u.id in (select s.id from starting s union select f.id from fitting f)
                )
                select m.id, row_number() over (order by m.distance, m.sort_name, m.id) from met m
                order by m.distance, m.sort_name, m.id limit most;
            if found or is_number or length(longest) < 4 then
                return;
            end if;
            return query
                with similar_name as (
                    select u.id, u.sort_name, split_part(u.search_everyone, '|', 1) as names
                    from public.users u
                    where u.tenant_id = tenant and u.search_people %> longest
                      and (next_longest is null or u.search_people %> next_longest)
                      and u.suspended_at is null and u.erased_at is null
                      and not exists (
                          select from unnest(words) word
                          where split_part(u.search_everyone, '|', 1) not like '% ' || word || '%'
                            and word_similarity(word, split_part(u.search_everyone, '|', 1)) < 0.5)
                    limit {_MOST_RANKED}
                ), met as (
                    select s.id, s.sort_name, word_similarity(phrase, s.names) as likeness from similar_name s
                )
                select m.id, row_number() over (order by m.likeness desc, m.sort_name, m.id) from met m
                order by m.likeness desc, m.sort_name, m.id limit most;
        end
        $$
    """,
    "public.matching_users(text, text, text[], text, text, boolean, text, uuid, integer)": f"""
        create function public.matching_users(
            asked text, spot text, wanted text[], kind text, circle text, administering boolean,
            after_name text, after_id uuid, most integer
        ) returns table (id uuid, place bigint) language plpgsql stable security definer {_FAST}
        set plan_cache_mode = force_custom_plan as $$
        declare
            tenant uuid := {BOUND_TENANT};
            words text[] := regexp_split_to_array({_plain("asked")}, ' ');
            places text[] := regexp_split_to_array({_plain("spot")}, ' ');
            abilities text[] := (select array_agg(',' || {_plain("skill")} || ',') from unnest(wanted) skill);
            {_patterns("words", "begun")}
            {_patterns("places", "lies")}
            {_patterns("abilities", "can", begins="%")}
        begin
            return query
                select u.id, row_number() over (order by u.sort_name, u.id)
                from public.users u
                where u.tenant_id = tenant and u.erased_at is null and (administering or u.suspended_at is null)
                  and (kind is null or u.member_type = kind)
                  and {_meets("u.search_admins", "begun")}
                  and {_meets("u.search_admins", "lies")}
                  and {_meets("u.search_admins", "can")}
                  and (after_id is null or (u.sort_name, u.id) > (after_name, after_id))
                  and (words is null and places is null and abilities is null or exists (
                      select from (select {_SHOWN}) seen (text)
                      where not exists (
                          select from unnest(words) word
                          where split_part(seen.text, '|', 1) || split_part(seen.text, '|', 3)
                                || case when administering then split_part(seen.text, '|', 2) else '' end
                                not like '% ' || word || '%')
                        and not exists (
                          select from unnest(places) word
                          where split_part(seen.text, '|', 4) not like '% ' || word || '%')
                        and not exists (
                          select from unnest(abilities) word
                          where split_part(seen.text, '|', 5) not like '%' || word || '%')))
                order by u.sort_name, u.id limit most;
        end
        $$
    """,
}


def upgrade() -> None:
    run(
        f"create schema extensions authorization {OWNER}",
        "create extension if not exists pg_trgm schema extensions",
        "create extension if not exists btree_gin schema extensions",
        "create extension if not exists unaccent schema extensions",
        *(f"alter table users add search_{text} text not null default ''" for text in (*_CIRCLES, "people")),
        INDEX_USER,
        "revoke all on function public.index_user() from public",
        "create trigger index_user before insert or update on users for each row execute function index_user()",
        "alter table users no force row level security",
        "update users set version = version",
        "alter table users force row level security",
        *(
            f"create index users_by_{name} on users using gin (tenant_id extensions.uuid_ops,"
            f" {column} extensions.gin_trgm_ops)"
            for name, column in _INDEXES.items()
        ),
        f"grant usage on schema public, extensions to {SEARCH}",
        f"grant select on users to {SEARCH}",
        f"create policy search on users for select to {SEARCH} using (true)",
        f"grant create on schema public to {SEARCH}",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)
        run(f"alter function {signature} owner to {SEARCH}")
    run(f"revoke create on schema public from {SEARCH}")


def downgrade() -> None:
    run(
        *(f"drop function {signature}" for signature in FUNCTIONS),
        "drop policy search on users",
        f"revoke select on users from {SEARCH}",
        f"revoke usage on schema public, extensions from {SEARCH}",
        *(f"drop index users_by_{name}" for name in _INDEXES),
        "drop trigger index_user on users",
        "drop function public.index_user()",
        *(f"alter table users drop search_{text}" for text in (*_CIRCLES, "people")),
        "drop extension unaccent",
        "drop extension btree_gin",
        "drop extension pg_trgm",
        "drop schema extensions",
    )

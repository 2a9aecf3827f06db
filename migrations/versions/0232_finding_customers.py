"""The functions that find customers, by what `found_by` has of them.

Under row-level security no operator on text vectors reaches an index, so they run as `frontdesk_search`, which sees all
customers, and keep to the bound tenant themselves. They give ids and places, nothing else.

Revision: 0232, after 0231.
"""

from infra.postgres.roles import SEARCH
from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0232"
down_revision = "0231"
branch_labels = None
depends_on = None

_ASKING = f"""
    language plpgsql stable security definer set search_path = pg_catalog, extensions, pg_temp
    set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
    declare
        tenant uuid := {BOUND_TENANT};
        mark text := left(md5(tenant::text), 5);"""
_MOST_WORDS, _LONGEST_WORD = 8, 40


def _lexeme(kind: str, text: str, *, begins: bool = False) -> str:
    return f"quote_literal(mark || '{kind}' || {text})" + (" || ':*'" if begins else "")


_DIGEST = _lexeme("#", "left(md5(whole), 16)")
_WORDS = f"""
    select left(word, {_LONGEST_WORD}) as word
    from regexp_split_to_table(regexp_replace(unaccent(lower(asked)), '[^[:alnum:]]+', ' ', 'g'), ' ') word
    where word <> '' order by length(word) desc, word limit {_MOST_WORDS}
"""
_NEARLY = f"""
    '(' || {_lexeme("", "word", begins=True)} || case when word ~ '^[[:alpha:]]{{4,}}$' then
        '|' || {_lexeme("~", "word", begins=True)} || (
            select string_agg('|' || {_lexeme("~", "left(word, at - 1) || substr(word, at + 1)")}, '')
            from generate_series(1, length(word)) at) else '' end || ')'
"""

# Imports ask for thousands of contacts at once: each is looked up by itself. The tenant is compared so that no index of
# the tenant's rows is read for every one of them, whatever the planner believes of their number.
OWNERS_OF_CONTACTS = f"""
    create function public.owners_of_contacts(contacts text[]) returns table (contact text, id uuid) {_ASKING}
    begin
        return query
            with recursive owner as (
                select whole as contact, c.id, c.merged_into
                from unnest(contacts) whole, lateral (
                    select c.id, c.merged_into from public.customers c
                    where c.found_by @@ ({_DIGEST})::tsquery and (c.tenant_id = tenant) is true
                      and whole = any (c.emails || c.phones)
                    offset 0
                ) c
                union
                select o.contact, c.id, c.merged_into
                from owner o join public.customers c on c.tenant_id = tenant and c.id = o.merged_into
            )
            select o.contact, o.id from owner o where o.merged_into is null;
    end
    $$
"""

_KEPT_TO = """c.tenant_id = tenant and c.merged_into is null and c.erased_at is null
                      and (c.archived_at is not null) = is_away
                      and (since is null or c.created_at >= since) and (before is null or c.created_at < before)
                      and (wanted is null or c.found_by @@ wanted)"""


def _in_order(key: str, *, kind: str, way: str, beyond: str) -> str:
    return f"""
            return query
                select c.id, 0, row_number() over (order by c.{key} {way}, c.id {way}) from public.customers c
                where {_KEPT_TO}
                      and (after_id is null or (c.{key}, c.id) {beyond} (after_key::{kind}, after_id))
                order by c.{key} {way}, c.id {way} limit most;"""


FIND_CUSTOMERS = f"""
    create function public.find_customers(
        asked text, narrowed text[], is_away boolean, since timestamptz, before timestamptz, sort text,
        after_rank integer, after_key text, after_id uuid, most integer
    ) returns table (id uuid, rank integer, place bigint) {_ASKING}
        phrase text := lower(btrim(asked));
        phrase_end text := phrase || chr(1114111);
        is_number boolean := asked ~ '^[0-9+() ./-]+$';
        digits text := case when is_number then ltrim(regexp_replace(asked, '[^0-9]', '', 'g'), '0') end;
        words text[] := array({_WORDS});
        facets tsquery := (select string_agg({_DIGEST}, '&') from unnest(narrowed) whole);
        named tsquery := (select string_agg({_lexeme("=", "word", begins=True)}, '&') from unnest(words) word);
        anywhere tsquery := (select string_agg({_lexeme("", "word", begins=True)}, '&') from unnest(words) word);
        nearly tsquery := (select string_agg({_NEARLY}, '&') from unnest(words) word where digits is null);
        wanted tsquery;
        unwanted tsquery;
        given integer := 0;
        added integer;
    begin
        if asked is not null and anywhere is null then
            return;
        end if;
        if digits <> '' then
            anywhere := anywhere || ({_lexeme("", "digits", begins=True)})::tsquery;
        end if;
        wanted := case when facets is null then anywhere else coalesce(facets && anywhere, facets) end;
        if sort = 'created_at' then{_in_order("created_at", kind="timestamptz", way="asc", beyond=">")}
        elsif sort = '-created_at' then{_in_order("created_at", kind="timestamptz", way="desc", beyond="<")}
        elsif sort = 'name' then{_in_order("sort_name", kind="text", way="asc", beyond=">")}
        elsif sort = '-name' then{_in_order("sort_name", kind="text", way="desc", beyond="<")}
        else
            for class in coalesce(after_rank, 0) .. case when nearly is null then 2 else 3 end loop
                exit when given >= most;
                wanted := case class when 0 then null when 1 then named when 2 then anywhere else nearly end;
                wanted := case when facets is null then wanted else coalesce(facets && wanted, facets) end;
                unwanted := case class when 2 then named when 3 then anywhere end;
                return query
                    select c.id, class, given + row_number() over (order by c.sort_name, c.id) from public.customers c
                    where {_KEPT_TO}
                      and (unwanted is null or not c.found_by @@ unwanted)
                      and (class > 0 or c.sort_name >= phrase and c.sort_name < phrase_end)
                      and (class = 0 or not (c.sort_name >= phrase and c.sort_name < phrase_end))
                      and (after_id is null or class > after_rank or (c.sort_name, c.id) > (after_key, after_id))
                    order by c.sort_name, c.id limit most - given;
                get diagnostics added = row_count;
                given := given + added;
            end loop;
        end if;
    end
    $$
"""
FUNCTIONS = {
    "public.owners_of_contacts(text[])": OWNERS_OF_CONTACTS,
    "public.find_customers(text, text[], boolean, timestamptz, timestamptz, text, integer, text, uuid, integer)": (
        FIND_CUSTOMERS
    ),
}


def upgrade() -> None:
    run(
        f"grant select on customers to {SEARCH}",
        f"create policy search on customers for select to {SEARCH} using (true)",
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
        "drop policy search on customers",
        f"revoke select on customers from {SEARCH}",
    )

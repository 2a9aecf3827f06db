"""The functions that find customers, by what `found_by` has of them.

Under row-level security no operator on text vectors reaches an index, so they run as `frontdesk_search`, which sees all
customers, and keep to the bound tenant themselves. They give ids and places, nothing else.

What is common is looked for in the order of the list, among the next 2,000, before the index of lexemes is asked: there
it would be a long way to the first few. What is rare is asked there at once; of several words only those that are not
common are, and the rows that are found are looked at for the others. Of more than 300 who fit a search in one
way, 300 are ranked.

Revision: 0232, after 0231.
"""

from infra.postgres.roles import SEARCH
from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0232"
down_revision = "0231"
branch_labels = None
depends_on = None

_ASKING = f"""
    language plpgsql security definer set search_path = pg_catalog, extensions, pg_temp
    set plan_cache_mode = force_custom_plan set work_mem = '32MB'
    set enable_seqscan = off as $$
    declare
        tenant uuid := {BOUND_TENANT};
        mark text := left(md5(tenant::text), 5);"""
_MOST_WORDS, _LONGEST_WORD = 8, 40
_COMMON, _MOST_WALKED, _MOST_RANKED = 0.02, 2_000, 300


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

_OF_THE_LIST = """c.tenant_id = $1 and c.merged_into is null and c.erased_at is null
                        and (c.archived_at is not null) = $2
                        and ($3 is null or c.created_at >= $3) and ($4 is null or c.created_at < $4)
                        and ($7 is null or c.sort_name >= $7 and c.sort_name < $8)
                        and ($9 is null or not (c.sort_name >= $9 and c.sort_name < $8))"""
_MET = "($5 is null or c.found_by @@ $5) and ($6 is null or not c.found_by @@ $6)"
_BEYOND = "($12 is null or (c.%1$s, c.id) %3$s ($11::%4$s, $12))"
_ORDER = "order by c.%1$s %2$s, c.id %2$s"
FIND_IN_ORDER = f"""
    create function public.customers_in_order(
        key text, descending boolean, is_away boolean, since timestamptz, before timestamptz, wanted tsquery,
        narrow tsquery, unwanted tsquery, begins text, begins_not text, most_met integer,
        after_key text, after_id uuid, most integer
    ) returns table (id uuid) {_ASKING}
        kind text := case key when 'created_at' then 'timestamptz' else 'text' end;
        way text := case when descending then 'desc' else 'asc' end;
        beyond text := case when descending then '<' else '>' end;
        beginning_end text := coalesce(begins, begins_not) || chr(1114111);
        plan json;
        found uuid[];
    begin
        if wanted is not null then
            execute format('explain (format json) select from public.customers where found_by @@ %L::tsquery', wanted)
            into plan;
        end if;
        if plan is null or (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float > {_COMMON} * (
                select reltuples from pg_class where oid = 'public.customers'::regclass) then
            execute format($walk$
                select array(
                    select c.id from (
                        select * from public.customers c where {_OF_THE_LIST} and {_BEYOND} {_ORDER} limit $14) c
                    where {_MET} {_ORDER} limit $13)
                $walk$, key, way, beyond, kind)
            into found
            using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                  most_met, after_key, after_id, most, case when plan is not null then {_MOST_WALKED} end;
        end if;
        if plan is not null and coalesce(cardinality(found), 0) < coalesce(most, 2147483647) then
            execute format($met$
                with met as materialized (
                        select c.id, c.%1$s, c.found_by from public.customers c
                        where {_OF_THE_LIST} and c.found_by @@ $14),
                     few as (select * from met c where {_MET} limit $10)
                select array(select c.id from few c where {_BEYOND} {_ORDER} limit $13)
                $met$, key, way, beyond, kind)
            into found
            using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                  most_met, after_key, after_id, most, coalesce(narrow, wanted);
        end if;
        return query select unnest(found);
    end
    $$
"""

FIND_CUSTOMERS = f"""
    create function public.find_customers(
        asked text, narrowed text[], is_away boolean, since timestamptz, before timestamptz, sort text,
        after_rank integer, after_key text, after_id uuid, most integer
    ) returns table (id uuid, rank integer, place bigint) {_ASKING}
        phrase text := lower(btrim(asked));
        is_number boolean := asked ~ '^[0-9+() ./-]+$';
        digits text := case when is_number then ltrim(regexp_replace(asked, '[^0-9]', '', 'g'), '0') end;
        words text[] := array({_WORDS});
        facets tsquery := (select string_agg({_DIGEST}, '&') from unnest(narrowed) whole);
        named tsquery := (select string_agg({_lexeme("=", "word", begins=True)}, '&') from unnest(words) word);
        anywhere tsquery := (select string_agg({_lexeme("", "word", begins=True)}, '&') from unnest(words) word);
        nearly tsquery := (select string_agg({_NEARLY}, '&') from unnest(words) word where not is_number);
        rare text[] := words;
        part text;
        plan json;
        wanted tsquery;
        narrow tsquery;
        given bigint := 0;
        added bigint;
    begin
        if asked is not null and anywhere is null then
            return;
        end if;
        if digits <> '' then
            anywhere := anywhere || ({_lexeme("", "digits", begins=True)})::tsquery;
        end if;
        if sort <> 'relevance' then
            wanted := case when facets is null then anywhere else coalesce(facets && anywhere, facets) end;
            return query
                select f.id, 0, row_number() over () from public.customers_in_order(
                    case ltrim(sort, '-') when 'name' then 'sort_name' else 'created_at' end, sort like '-%', is_away,
                    since, before, wanted, null, null, null, null, null, after_key, after_id, most) f;
            return;
        end if;
        foreach part in array words loop
            execute format('explain (format json) select from public.customers where found_by @@ %L::tsquery',
                           quote_literal(mark || part) || ':*') into plan;
            if (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float > {_COMMON} * (
                    select reltuples from pg_class where oid = 'public.customers'::regclass) then
                rare := array_remove(rare, part);
            end if;
        end loop;
        rare := case when is_number or rare = '{{}}' then words else rare end;
        for class in coalesce(after_rank, 0) .. case when nearly is null then 2 else 3 end loop
            exit when given >= most;
            wanted := case class when 0 then null when 1 then named when 2 then anywhere else nearly end;
            narrow := case
                when class = 1 then (select string_agg({_lexeme("=", "word", begins=True)}, '&') from unnest(rare) word)
                when class = 2 and not is_number then (
                    select string_agg({_lexeme("", "word", begins=True)}, '&') from unnest(rare) word)
                when class = 3 then (select string_agg({_NEARLY}, '&') from unnest(rare) word) end;
            wanted := case when facets is null then wanted else coalesce(facets && wanted, facets) end;
            return query
                select f.id, class, given + row_number() over () from public.customers_in_order(
                    'sort_name', false, is_away, since, before, wanted, narrow,
                    case class when 2 then named when 3 then anywhere end,
                    case class when 0 then phrase end, case when class > 0 then phrase end, {_MOST_RANKED},
                    case when class = after_rank then after_key end, case when class = after_rank then after_id end,
                    (most - given)::integer) f;
            get diagnostics added = row_count;
            given := given + added;
        end loop;
    end
    $$
"""
_IN_ORDER = (
    "public.customers_in_order(text, boolean, boolean, timestamptz, timestamptz, tsquery, tsquery, tsquery, text, text,"
    " integer, text, uuid, integer)"
)
OFFERED = {
    "public.owners_of_contacts(text[])": OWNERS_OF_CONTACTS,
    "public.find_customers(text, text[], boolean, timestamptz, timestamptz, text, integer, text, uuid, integer)": (
        FIND_CUSTOMERS
    ),
}
FUNCTIONS = {_IN_ORDER: FIND_IN_ORDER, **OFFERED}


def upgrade() -> None:
    run(
        f"grant select on customers to {SEARCH}",
        f"create policy search on customers for select to {SEARCH} using (true)",
        f"grant create on schema public to {SEARCH}",
    )
    for signature, body in FUNCTIONS.items():
        run(body, f"revoke all on function {signature} from public")
        if signature in OFFERED:
            offer_function(signature)
        run(f"alter function {signature} owner to {SEARCH}")
    run(f"revoke create on schema public from {SEARCH}")


def downgrade() -> None:
    run(
        *(f"drop function {signature}" for signature in FUNCTIONS),
        "drop policy search on customers",
        f"revoke select on customers from {SEARCH}",
    )

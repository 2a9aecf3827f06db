"""Searches find all who fit, in their order, whatever the words.

What more than 2 % have is looked for among the next 5,000 in the order of the list, where it soon fills a page. If it
does not, nor is the list at its end, the index of lexemes is asked. It gives rows in no order: up to 10,000 are sorted.
Where it has more, the next 10,000 in the order of the list are looked at; if these do not fill the page either, all
that it has are sorted. A total is counted by the index alone, in one step over all ways to fit.

Of several words, one that a great many more have than the rarest is left to be looked for in the rows of the others,
where these are few: reading its list would take longer.

Revision: 0511, after 0510.
"""

import runpy
from pathlib import Path

from infra.postgres.roles import SEARCH
from infra.postgres.schema import run

revision = "0511"
down_revision = "0510"
branch_labels = None
depends_on = None

_BEFORE = runpy.run_path(str(Path(__file__).with_name("0232_finding_customers.py")))
_ASKING, _WORDS, _NEARLY, _DIGEST = (_BEFORE[name] for name in ("_ASKING", "_WORDS", "_NEARLY", "_DIGEST"))
_OF_THE_LIST, _MET, _BEYOND, _ORDER = (_BEFORE[name] for name in ("_OF_THE_LIST", "_MET", "_BEYOND", "_ORDER"))
_lexeme = _BEFORE["_lexeme"]
_COMMON, _NEAR, _FAR, _SORTED = 0.02, 5_000, 10_000, 10_000
_FEW, _FAR_MORE = 10_000, 5
_ALL = "(select reltuples from pg_class where oid = 'public.customers'::regclass)"
_ALONE = _ASKING.replace(" as $$", " set max_parallel_workers_per_gather = 0 as $$")
HOW_MANY = """
    create function public.customers_met(wanted text) returns float language plpgsql
    set search_path = pg_catalog, extensions, pg_temp as $$
    declare
        plan json;
    begin
        if wanted is null then
            return null;
        end if;
        execute format('explain (format json) select from public.customers where found_by @@ %L::tsquery', wanted)
        into plan;
        return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float;
    end
    $$
"""
FIND_IN_ORDER = f"""
    create function public.customers_in_order(
        key text, descending boolean, is_away boolean, since timestamptz, before timestamptz, wanted tsquery,
        narrow tsquery, unwanted tsquery, begins text, begins_not text, after_key text, after_id uuid, most integer
    ) returns table (id uuid) {_ALONE}
        kind text := case key when 'created_at' then 'timestamptz' else 'text' end;
        way text := case when descending then 'desc' else 'asc' end;
        beyond text := case when descending then '<' else '>' end;
        beginning_end text := coalesce(begins, begins_not) || chr(1114111);
        met float := public.customers_met(wanted::text);
        walked integer := case when met is null then most when met > {_COMMON} * {_ALL} then {_NEAR} else 0 end;
        sorted integer := case when most is not null then {_SORTED} end;
        walk text := format($walk$
            select array(
                select c.id from (
                    select * from public.customers c where {_OF_THE_LIST} and {_BEYOND} {_ORDER} limit $14) c
                where {_MET} {_ORDER} limit $13)
            $walk$, key, way, beyond, kind);
        count text := format($count$
            select count(*) from (
                select from public.customers c where {_OF_THE_LIST} and {_BEYOND} {_ORDER} limit $14) c
            $count$, key, way, beyond, kind);
        sort text := format($sort$
            with met as materialized (
                    select c.id, c.%1$s, {_MET} as fits from public.customers c
                    where {_OF_THE_LIST} and c.found_by @@ $14),
                 few as materialized (select * from met limit $10)
            select array(select c.id from few c where c.fits and {_BEYOND} {_ORDER} limit $13),
                   (select count(*) from few)
            $sort$, key, way, beyond, kind);
        found uuid[];
        many bigint;
    begin
        loop
            if met is null or most is not null and walked > 0 then
                execute walk into found
                using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                      null::integer, after_key, after_id, most, walked;
                exit when met is null or cardinality(found) >= most;
                execute count into many
                using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                      null::integer, after_key, after_id, most, walked;
                exit when many < walked;
            end if;
            execute sort into found, many
            using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                  sorted, after_key, after_id, most, coalesce(narrow, wanted);
            exit when sorted is null or many < sorted;
            walked := {_FAR};
            sorted := null;
        end loop;
        return query select unnest(found);
    end
    $$
"""

FIND_CUSTOMERS = f"""
    create or replace function public.find_customers(
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
        rare text[];
        believed float[] := array(
            select public.customers_met({_lexeme("", "word", begins=True)}) from unnest(words) word);
        rarest float := (select min(each) from unnest(believed) each);
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
        if sort <> 'relevance' or most is null then
            wanted := case when sort = 'relevance' then coalesce(nearly, anywhere) else anywhere end;
            wanted := case when facets is null then wanted else coalesce(facets && wanted, facets) end;
            return query
                select f.id, 0, row_number() over () from public.customers_in_order(
                    case ltrim(sort, '-') when 'name' then 'sort_name' else 'created_at' end, sort like '-%', is_away,
                    since, before, wanted, null, null, null, null, after_key, after_id, most) f;
            return;
        end if;
        rare := array(
            select word from unnest(words, believed) each (word, many)
            where is_number or rarest > {_FEW} or many <= {_FAR_MORE} * rarest);
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
                    case class when 0 then phrase end, case when class > 0 then phrase end,
                    case when class = after_rank then after_key end, case when class = after_rank then after_id end,
                    (most - given)::integer) f;
            get diagnostics added = row_count;
            given := given + added;
        end loop;
    end
    $$
"""

_LISTED = "text, boolean, boolean, timestamptz, timestamptz, tsquery, tsquery, tsquery, text, text"
_IN_ORDER_BEFORE = f"public.customers_in_order({_LISTED}, integer, text, uuid, integer)"
_IN_ORDER = f"public.customers_in_order({_LISTED}, text, uuid, integer)"
_HOW_MANY = "public.customers_met(text)"


def _have(made: dict[str, str], *, gone: tuple[str, ...], find: str) -> None:
    run(f"grant create on schema public to {SEARCH}", *(f"drop function {signature}" for signature in gone))
    for signature, body in made.items():
        run(body, f"revoke all on function {signature} from public", f"alter function {signature} owner to {SEARCH}")
    run(find, f"revoke create on schema public from {SEARCH}")


def upgrade() -> None:
    _have({_HOW_MANY: HOW_MANY, _IN_ORDER: FIND_IN_ORDER}, gone=(_IN_ORDER_BEFORE,), find=FIND_CUSTOMERS)


def downgrade() -> None:
    find = _BEFORE["FIND_CUSTOMERS"].replace("create function", "create or replace function")
    _have({_IN_ORDER_BEFORE: _BEFORE["FIND_IN_ORDER"]}, gone=(_HOW_MANY, _IN_ORDER), find=find)

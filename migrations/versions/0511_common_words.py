"""Searches for words that a great many have are bounded.

Of words that more than 20,000 customers have each, and each more than 2 % of all, no index of lexemes is read: it has
them in no order, and would give all of them. Who has them is looked for among the next 2,000 in the order of the list,
then among the 5,000 newest. Words that more than 2.1 % and 2,000 have each are not taken for typing errors.

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
_COMMON, _MOST_WALKED, _MOST_RANKED = 0.02, 2_000, 300
_EVERYWHERE, _NEWEST = 20_000, 5_000
_FEW, _FAR_MORE = 10_000, 5
# What nothing is known of is believed to be in 2 % at most.
_KNOWN, _MANY = 0.021, 2_000
_ALL = "(select reltuples from pg_class where oid = 'public.customers'::regclass)"
_ALONE = _ASKING.replace(" as $$", " set max_parallel_workers_per_gather = 0 as $$")
_AMONG_THE_NEWEST = f"$14 is not null order by c.created_at desc, c.id desc limit {_NEWEST}"
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
        narrow tsquery, unwanted tsquery, begins text, begins_not text, most_met integer,
        after_key text, after_id uuid, most integer, everywhere boolean
    ) returns table (id uuid) {_ALONE}
        kind text := case key when 'created_at' then 'timestamptz' else 'text' end;
        way text := case when descending then 'desc' else 'asc' end;
        beyond text := case when descending then '<' else '>' end;
        beginning_end text := coalesce(begins, begins_not) || chr(1114111);
        met float := public.customers_met(wanted::text);
        found uuid[];
    begin
        if met is null or met > {_COMMON} * {_ALL} then
            execute format($walk$
                select array(
                    select c.id from (
                        select * from public.customers c where {_OF_THE_LIST} and {_BEYOND} {_ORDER} limit $14) c
                    where {_MET} {_ORDER} limit $13)
                $walk$, key, way, beyond, kind)
            into found
            using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                  most_met, after_key, after_id, most, case when met is null then most else {_MOST_WALKED} end;
        end if;
        if met is not null and coalesce(cardinality(found), 0) < coalesce(most, 2147483647) then
            execute format($met$
                with met as materialized (
                        select c.id, c.%1$s, c.found_by from (
                            select * from public.customers c where {_OF_THE_LIST} and %5$s) c),
                     few as (select * from met c where {_MET} limit $10)
                select array(select c.id from few c where {_BEYOND} {_ORDER} limit $13)
                $met$, key, way, beyond, kind,
                case when everywhere then '{_AMONG_THE_NEWEST}' else 'c.found_by @@ $14' end)
            into found
            using tenant, is_away, since, before, wanted, unwanted, begins, beginning_end, begins_not,
                  most_met, after_key, after_id, most, coalesce(narrow, wanted);
        end if;
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
        fewest float := (select min(each) from unnest(believed || public.customers_met(facets::text)) each);
        everywhere boolean := fewest > greatest({_EVERYWHERE}, {_COMMON} * {_ALL}) and not is_number;
        rarest float := (select min(each) from unnest(believed) each);
        fewest_named float := (
            select min(public.customers_met({_lexeme("=", "word", begins=True)})) from unnest(words) word
            where everywhere);
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
                    since, before, wanted, null, null, null, null, null, after_key, after_id, most, false) f;
            return;
        end if;
        rare := array(
            select word from unnest(words, believed) each (word, many)
            where is_number or rarest > {_FEW} or many <= {_FAR_MORE} * rarest);
        for class in coalesce(after_rank, 0) .. case when nearly is null then 2 else 3 end loop
            exit when given >= most or class = 3 and rarest > greatest({_MANY}, {_KNOWN} * {_ALL});
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
                    (most - given)::integer, everywhere and (class = 2 or fewest_named > {_EVERYWHERE})) f;
            get diagnostics added = row_count;
            given := given + added;
        end loop;
    end
    $$
"""

_ARGUMENTS = (
    "text, boolean, boolean, timestamptz, timestamptz, tsquery, tsquery, tsquery, text, text, integer, text, uuid,"
    " integer"
)
_IN_ORDER_BEFORE = f"public.customers_in_order({_ARGUMENTS})"
_IN_ORDER = f"public.customers_in_order({_ARGUMENTS}, boolean)"
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

"""Words that are typed in part only, and that many have, are asked of the index as the whole words they stand for.

Most who have a word that begins with `reside` have one of very few: `residential`. A look at some customers says which.
For the rest the index is asked whether anybody has a word that leaves theirs on the way: after `residen` anything but a
`t`. So nobody is missed, whatever that look has shown.

Revision: 0800, after 0750.
"""

import runpy
from pathlib import Path

from infra.postgres.roles import SEARCH
from infra.postgres.schema import BOUND_TENANT, run

revision = "0800"
down_revision = "0750"
branch_labels = None
depends_on = None

_BEFORE = runpy.run_path(str(Path(__file__).with_name("0730_spelled_words.py")))
_FAST, _ALL, _PLAIN = _BEFORE["_FAST"], _BEFORE["_ALL"], _BEFORE["_PLAIN"]
_FEW, _COMMON, _NEARLY_ALL = _BEFORE["_FEW"], _BEFORE["_COMMON"], _BEFORE["_NEARLY_ALL"]
_LOOKED_AT, _LOOKED_INTO, _MOST_WHOLE = 1_000, 20, 3

COMPLETED = f"""
    create function public.customers_completed(mark text, kind text, word text) returns text[] {_FAST}
    declare
        begun text := mark || kind || word;
        tenant uuid := {BOUND_TENANT};
    begin
        return array(
            select distinct whole from (
                select found_by from (
                    select found_by from public.customers where tenant_id = tenant
                    order by created_at desc, id desc limit {_LOOKED_AT}) newest
                where found_by @@ (quote_literal(begun) || ':*')::tsquery limit {_LOOKED_INTO}) met,
                unnest(tsvector_to_array(found_by)) lexeme, substr(lexeme, length(mark || kind) + 1) whole
            where starts_with(lexeme, begun) and whole ~ '^[a-z0-9]+$');
    end
    $$
"""
OTHERWISE = f"""
    create function public.customers_otherwise(mark text, kind text, word text, whole text[]) returns text[] {_FAST}
    declare
        others text[] := array(
            select distinct other
            from unnest(whole) each, generate_series(length(word), length(each)) at,
                lateral (select left(each, at) as begun) b, lateral (
                    select quote_literal(mark || kind || begun) as other where begun <> all (whole)
                    union all select quote_literal(mark || kind || '>' || begun)
                    union all select quote_literal(mark || kind || begun || letter) || ':*'
                    from unnest(string_to_array('{_PLAIN}', null)) letter
                    where not exists (select from unnest(whole) one where starts_with(one, begun || letter))) o);
    begin
        if not exists (select from public.customers where found_by @@ array_to_string(others, '|')::tsquery) then
            return '{{}}';
        end if;
        return array(
            select other from unnest(others) other
            where exists (select from public.customers where found_by @@ other::tsquery));
    end
    $$
"""
SPELLED = f"""
    create or replace function public.customers_spelled(mark text, kind text, word text) returns text {_FAST}
    declare
        begun text := quote_literal(mark || kind || word) || ':*';
        every float := {_ALL};
        met float := public.customers_met(begun);
        whole text[] := array[word];
        spelled text := quote_literal(mark || kind || word);
        believed float := public.customers_met(spelled);
    begin
        if word !~ '^[a-z0-9]+$' or met <= {_FEW} then
            return begun;
        end if;
        if every - met < (1 - {_COMMON}) * (every - believed) then
            whole := public.customers_completed(mark, kind, word);
            spelled := (select string_agg(quote_literal(mark || kind || each), '|') from unnest(whole) each);
            believed := public.customers_met(spelled);
        end if;
        if cardinality(whole) not between 1 and {_MOST_WHOLE} or believed > {_NEARLY_ALL} * every
           or every - met < (1 - {_COMMON}) * (every - believed) then
            return begun;
        end if;
        return '(' || array_to_string(
            spelled || public.customers_otherwise(mark, kind, word, whole), '|') || ')';
    end
    $$
"""
NEW = {
    "public.customers_completed(text, text, text)": COMPLETED,
    "public.customers_otherwise(text, text, text, text[])": OTHERWISE,
}


def upgrade() -> None:
    run(f"grant create on schema public to {SEARCH}")
    for signature, body in NEW.items():
        run(body, f"revoke all on function {signature} from public", f"alter function {signature} owner to {SEARCH}")
    run(SPELLED, f"revoke create on schema public from {SEARCH}")


def downgrade() -> None:
    before = _BEFORE["SPELLED"].replace("create function", "create or replace function")
    run(f"grant create on schema public to {SEARCH}", before, f"revoke create on schema public from {SEARCH}")
    run(*(f"drop function {signature}" for signature in NEW))

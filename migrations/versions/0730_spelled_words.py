"""Several words that many have each are asked of the index as whole words.

A word is found by its beginning, for which the index adds up all that begins so, each time anew. Whole words are read
side by side, and what one of them lacks is passed over in the others: six to ten times faster. So a word that a great
many have is asked for as itself, or as any of the few that go on after it. The index is asked which do, for each letter
and digit. What goes on in another way, in another script, is marked: after `>` stands what was before. So nobody is
missed, whatever the statistics say of a word.

How far the list is walked before the index is asked follows from how many are believed to fit.

Revision: 0730, after 0710.
"""

import runpy
from pathlib import Path

from infra.postgres.roles import SEARCH
from infra.postgres.schema import run

revision = "0730"
down_revision = "0710"
branch_labels = None
depends_on = None


def _of(revision: str) -> dict[str, str]:
    return runpy.run_path(str(Path(__file__).with_name(f"{revision}.py")))


def _replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        if text.count(old) != 1:
            raise ValueError(old)
        text = text.replace(old, new)
    return text


_BEFORE, _INDEXING = _of("0511_common_words"), _of("0231_customer_search")
_FAST = "language plpgsql set search_path = pg_catalog, extensions, pg_temp as $$"
_ALL, _COMMON, _SURELY, _NEARLY_ALL = _BEFORE["_ALL"], _BEFORE["_COMMON"], 0.1, 0.9
_FEW, _FAR_MORE = 10_000, 5
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"

SPELLED = f"""
    create function public.customers_spelled(mark text, kind text, word text) returns text {_FAST}
    declare
        lexeme text := mark || kind || word;
        begun text := quote_literal(lexeme) || ':*';
        every float := {_ALL};
        met float := public.customers_met(begun);
        whole float := public.customers_met(quote_literal(lexeme));
    begin
        if word !~ '^[a-z0-9]+$' or met <= {_FEW} or whole > {_NEARLY_ALL} * every
           or every - met < (1 - {_COMMON}) * (every - whole) then
            return begun;
        end if;
        return '(' || concat_ws('|', quote_literal(lexeme), quote_literal(mark || kind || '>' || word), (
            select string_agg(further, '|')
            from unnest(string_to_array('{_PLAIN}', null)) letter, lateral (
                select quote_literal(lexeme || letter) || ':*' as further offset 0) each
            where exists (select from public.customers where found_by @@ further::tsquery))) || ')';
    end
    $$
"""
NEARLY = f"""
    create function public.customers_nearly(mark text, word text, as_it_is text) returns text {_FAST}
    declare
        others text;
    begin
        if word !~ '^[[:alpha:]]{{4,}}$' then
            return as_it_is;
        end if;
        others := public.customers_spelled(mark, '~', word) || (
            select string_agg('|' || quote_literal(mark || '~' || left(word, at - 1) || substr(word, at + 1)), '')
            from generate_series(1, length(word)) at);
        if public.customers_met(others) <= {_SURELY} * {_ALL}
           and not exists (select from public.customers where found_by @@ others::tsquery) then
            return as_it_is;
        end if;
        return '(' || as_it_is || '|' || others || ')';
    end
    $$
"""
OF_THE_INDEX = f"""
    create function public.customers_of_the_index(mark text, class integer, words text[], facets tsquery)
    returns tsquery {_FAST}
    declare
        believed float[];
        rarest float;
        narrow tsquery;
    begin
        if facets is null and cardinality(words) < 2 then
            return null;
        end if;
        believed := array(select public.customers_met(quote_literal(mark || word) || ':*') from unnest(words) word);
        rarest := (select min(each) from unnest(believed) each);
        narrow := (
            select string_agg(
                case class when 3 then public.customers_nearly(mark, word, as_it_is) else as_it_is end, '&')
            from unnest(words, believed) each (word, many), lateral (
                select public.customers_spelled(mark, case class when 1 then '=' else '' end, word) as as_it_is
                offset 0) spelled
            where as_it_is not like '%:*' or rarest > {_FEW} or many <= {_FAR_MORE} * rarest);
        return coalesce(facets && narrow, narrow);
    end
    $$
"""

_IN_ORDER = _BEFORE["FIND_IN_ORDER"].replace("create function", "create or replace function")
_FURTHER = f"then {_BEFORE['_NEAR']} else 0 end"
FIND_IN_ORDER = _replaced(
    _IN_ORDER, (_FURTHER, f"then least({_BEFORE['_NEAR']}, ceil(5 * most * {_ALL} / met)) else 0 end")
)
_FINDING = _BEFORE["FIND_CUSTOMERS"]
_RARE = _FINDING[_FINDING.index("        believed float[]") : _FINDING.index("        wanted tsquery;")]
_CHOSEN = _FINDING[_FINDING.index("        rare := array(") : _FINDING.index("        for class in")]
_NARROWED = _FINDING[
    _FINDING.index("            narrow := case\n") : _FINDING.rindex("            wanted := case when facets")
]
FIND_CUSTOMERS = _replaced(
    _FINDING,
    ("        rare text[];\n", "        nearest integer := case when nearly is null then 2 else 3 end;\n"),
    (_RARE, "        before_it tsquery;\n"),
    (_CHOSEN, ""),
    (" .. case when nearly is null then 2 else 3 end loop", " .. nearest loop"),
    (
        _NARROWED,
        """            narrow := case when class > 0 and not (is_number and class = 2) then
                public.customers_of_the_index(mark, class, words, facets) end;
            continue when class = 3 and narrow = before_it;
            before_it := narrow;
""",
    ),
    (
        "since, before, wanted, null, null, null, null, after_key, after_id, most) f;",
        """since, before, wanted, case when not is_number then public.customers_of_the_index(
                        mark, case sort when 'relevance' then nearest else 2 end, words, facets) end,
                    null, null, null, after_key, after_id, most) f;""",
    ),
)

_WORDS_BEFORE = _INDEXING["INDEX_CUSTOMER"].replace("create function", "create or replace function")
_INDEX_BEFORE = _replaced(_WORDS_BEFORE, ("'tag ' || tag", "'tag ' || lower(tag)"))
INDEX_CUSTOMER = _replaced(
    _INDEX_BEFORE,
    (
        "        facets text[] :=",
        (
            "        is_mixed boolean := array_to_string(names || others, ' ') ~ '[a-z0-9][^a-z0-9 ]';\n"
            "        facets text[] :="
        ),
    ),
    (
        "            union all select mark || '#' || left(md5('tag '",
        f"""            union all
            select mark || kind || '>' || substring(word from '^[a-z0-9]+') from (
                select '', word from unnest(names || others) word
                union all select '=', word from unnest(names) word
                union all
                select '~', left(word, at - 1) || substr(word, at + 1)
                from unnest(names) word, generate_series(1, length(word) + 1) at
                where length(word) between {_INDEXING["_SHORTEST_OF_NAMES"]} and {_INDEXING["_LONGEST_WORD"]}
            ) each (kind, word)
            where is_mixed and word ~ '^[a-z0-9]+[^a-z0-9]'
            union all select mark || '#' || left(md5('tag '""",
    ),
)
_HAVE_LEXEMES = "select from unnest(tsvector_to_array(found_by)) lexeme where substr(lexeme, 6) ~"
NEW = {
    "public.customers_spelled(text, text, text)": SPELLED,
    "public.customers_nearly(text, text, text)": NEARLY,
    "public.customers_of_the_index(text, integer, text[], tsquery)": OF_THE_INDEX,
}


def _index_anew(pattern: str) -> None:
    run(
        "alter table customers no force row level security",
        f"update customers set version = version where exists ({_HAVE_LEXEMES} '{pattern}')",
        "alter table customers force row level security",
    )


def upgrade() -> None:
    run(f"grant create on schema public to {SEARCH}")
    for signature, body in NEW.items():
        run(body, f"revoke all on function {signature} from public", f"alter function {signature} owner to {SEARCH}")
    run(FIND_IN_ORDER, FIND_CUSTOMERS, f"revoke create on schema public from {SEARCH}", INDEX_CUSTOMER)
    _index_anew("^[=~]?[a-z0-9]+[^a-z0-9]")


def downgrade() -> None:
    run(f"grant create on schema public to {SEARCH}", _IN_ORDER, _FINDING)
    run(*(f"drop function {signature}" for signature in reversed(NEW)))
    run(f"revoke create on schema public from {SEARCH}", _INDEX_BEFORE)
    _index_anew("^[=~]?>")

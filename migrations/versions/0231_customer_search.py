"""Finding customers by all that is kept of them, and narrowing lists of them down.

A trigger keeps `found_by`: what a customer is found by, as the lexemes of one text vector with one index. Each begins
with a mark of the tenant, so that no other tenant's are read. After the mark stands

- a word of anything that is kept, marks and accents gone, or the end of a phone number from any of its digits on;
- `=` and a word of name or company;
- `~` and such a word, whole and with each letter left out: two words that differ by one letter too many, too few,
  wrong or out of place have one in common;
- `#` and a digest of a tag, a source, a language, or a whole e-mail address or phone number.

Who was merged into a customer is found as that customer.

Revision: 0231, after 0230.
"""

from infra.postgres.schema import run

revision = "0231"
down_revision = "0230"
branch_labels = None
depends_on = None

_FAST = "set search_path = pg_catalog, extensions, pg_temp"
_MARK = "left(md5(new.tenant_id::text), 5)"
_NOTES, _MOST_OF_A_NOTE, _LONGEST_WORD = 50, 2_000, 40
_SHORTEST_OF_NUMBERS, _SHORTEST_OF_NAMES = 4, 3


def _words(*values: str) -> str:
    """An array of words, in lower case and without accents."""
    joined = f"concat_ws(' ', {', '.join(values)})"
    return f"string_to_array(regexp_replace(unaccent(lower({joined})), '[^[:alnum:]]+', ' ', 'g'), ' ')"


_LINES = "(select string_agg(line #>> '{}', ' ') from jsonb_path_query(new.addresses, '$[*].*') line)"
_CUSTOM = "(select string_agg(value #>> '{}', ' ') from jsonb_path_query(new.custom, '$.*') value)"
_NOTED = f"""(
            select string_agg(left(n.text, {_MOST_OF_A_NOTE}), ' ') from (
                select text from public.customer_notes where tenant_id = new.tenant_id and customer_id = new.id
                order by id desc limit {_NOTES}) n)"""
_OTHERS = _words("array_to_string(new.emails || new.tags, ' ')", "new.source", "new.notes", _LINES, _CUSTOM, "noted")

INDEX_CUSTOMER = f"""
    create function public.index_customer() returns trigger language plpgsql security definer {_FAST} as $$
    declare
        mark text := {_MARK};
        noted text := case tg_op when 'UPDATE' then {_NOTED} end;
        names text[] := {_words("new.name", "new.company")};
        others text[] := {_OTHERS};
        facets text[] := array[
            'source ' || new.source, 'language ' || new.preferred_language,
            case new.emails when '{{}}' then 'no email' else 'email' end,
            case new.phones when '{{}}' then 'no phone' else 'phone' end] || new.emails || new.phones;
    begin
        new.found_by := array_to_tsvector(array(
            select mark || left(word, {_LONGEST_WORD}) from unnest(names || others) word where word <> ''
            union all
            select mark || substr(phone, at)
            from unnest(new.phones) phone, generate_series(2, length(phone) + 1 - {_SHORTEST_OF_NUMBERS}) at
            union all
            select mark || '=' || left(word, {_LONGEST_WORD}) from unnest(names) word where word <> ''
            union all
            select mark || '~' || left(word, at - 1) || substr(word, at + 1)
            from unnest(names) word, generate_series(1, length(word) + 1) at
            where length(word) between {_SHORTEST_OF_NAMES} and {_LONGEST_WORD}
            union all select mark || '#' || left(md5(facet), 16) from unnest(facets) facet where facet is not null
            union all select mark || '#' || left(md5('tag ' || tag), 16) from unnest(new.tags) tag
        ));
        if tg_op = 'UPDATE' then
            new.found_by := (
                select new.found_by || coalesce(string_agg(m.found_by::text, ' '), '')::tsvector
                from public.customers m where m.tenant_id = new.tenant_id and m.merged_into = new.id);
        end if;
        return new;
    end
    $$
"""


def upgrade() -> None:
    run(
        "alter table customers add found_by tsvector not null default ''",
        INDEX_CUSTOMER,
        "revoke all on function public.index_customer() from public",
        "create trigger index_customer before insert or update on customers"
        " for each row execute function index_customer()",
        "alter table customers no force row level security",
        "update customers set version = version",
        "alter table customers force row level security",
        "create index customers_by_what_is_kept on customers using gin (found_by) with (fastupdate = off)",
    )


def downgrade() -> None:
    run(
        "drop index customers_by_what_is_kept",
        "drop trigger index_customer on customers",
        "drop function public.index_customer()",
        "alter table customers drop found_by",
    )

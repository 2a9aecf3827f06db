"""Tags are the same in whatever case they are written: the digest by which they are found is that of the lower case.

What writes the digest is changed where it stands, so that all else that it does stays as earlier revisions made it.

Revision: 0520, after 0420.
"""

from infra.postgres.schema import run

revision = "0520"
down_revision = "0420"
branch_labels = None
depends_on = None

_AS_WRITTEN, _IN_LOWER_CASE = "'tag ' || tag", "'tag ' || lower(tag)"
_FIND_ANEW = (
    "alter table customers no force row level security",
    "update customers set version = version where tags::text <> lower(tags::text)",
    "alter table customers force row level security",
)


def _written(before: str, after: str) -> str:
    return f"""
        do $do$
        declare
            writer record;
        begin
            for writer in
                select pg_get_functiondef(p.oid) as text from pg_proc p
                where p.pronamespace = 'public'::regnamespace and position($text${before}$text$ in p.prosrc) > 0
            loop
                execute replace(writer.text, $text${before}$text$, $text${after}$text$);
            end loop;
            if not found then
                raise exception 'No function writes the digest of a tag.';
            end if;
        end
        $do$
    """


def upgrade() -> None:
    run(_written(_AS_WRITTEN, _IN_LOWER_CASE), *_FIND_ANEW)


def downgrade() -> None:
    run(_written(_IN_LOWER_CASE, _AS_WRITTEN), *_FIND_ANEW)

"""The language in which somebody who registers is written to.

Revision: 0133, after 0132.
"""

from infra.postgres.schema import offer_function, run

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None

_LANGUAGE = "directory.language_of_registration(uuid)"


def upgrade() -> None:
    run(
        """
        create function directory.language_of_registration(registration uuid) returns text
        language sql stable security definer set search_path = pg_catalog, directory, pg_temp as $$
            select r.profile ->> 'preferred_language' from registrations r where r.id = registration
        $$
        """
    )
    offer_function(_LANGUAGE)


def downgrade() -> None:
    run(f"drop function {_LANGUAGE}")

"""New rules of time zones are followed by themselves: each tenant's visits are reckoned anew, once a release.

Revision: 0710, after 0660.
"""

from infra.postgres.roles import RELAY
from infra.postgres.schema import offer_function, run

revision = "0710"
down_revision = "0660"
branch_labels = None
depends_on = None

_FOLLOW = "work.follow_zone_rules(text)"


def upgrade() -> None:
    run(_function())
    offer_function(_FOLLOW, to=RELAY)


def downgrade() -> None:
    run(f"drop function {_FOLLOW}")


def _function() -> str:
    """Once at once, and once an hour later, for what was booked meanwhile by processes with the rules of before."""
    return """
        create function work.follow_zone_rules(release text) returns integer language plpgsql
        security definer set search_path = pg_catalog, work, pg_temp as $$
        declare
            tenant uuid;
            planned integer := 0;
        begin
            update zone_rules set tzdata = release where tzdata <> release;
            if not found then
                return 0;
            end if;
            for tenant in select id from directory.tenants loop
                perform set_config('app.tenant_id', tenant::text, true);
                insert into envelopes (tenant_id, id, kind, subject_id, due_at)
                select tenant, gen_random_uuid(), 'appointments.rederive', tenant, now() + c.ahead + later
                from clock c, unnest(array[interval '0', interval '1 hour']) later;
                planned := planned + 1;
            end loop;
            perform set_config('app.tenant_id', '', true);
            return planned;
        end
        $$
    """

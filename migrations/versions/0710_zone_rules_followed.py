"""New rules of time zones are followed by themselves: each tenant's visits are reckoned anew, once a release.

Revision: 0710, after 0700.
"""

from infra.postgres.roles import OWNER, RELAY
from infra.postgres.schema import offer_function, run

revision = "0710"
down_revision = "0700"
branch_labels = None
depends_on = None

_FOLLOW = "work.follow_zone_rules(text)"
_KIND = "appointments.rederive"
# At once, and an hour later for what was booked meanwhile by processes with the rules of before.
_FUNCTION = f"""
    create function work.follow_zone_rules(release text) returns bigint language sql
    security definer set search_path = pg_catalog, work, pg_temp as $$
        with followed as (update zone_rules set tzdata = release where tzdata <> release returning 1),
             planned as (
                 insert into envelopes (tenant_id, id, kind, subject_id, due_at)
                 select t.id, gen_random_uuid(), '{_KIND}', t.id, now() + c.ahead + later
                 from followed, directory.tenants t, clock c,
                      unnest(array[interval '0', interval '1 hour']) later
             )
        select count(*) from followed, directory.tenants
    $$
"""


def upgrade() -> None:
    run(
        f"create policy follow_zone_rules on work.envelopes for insert to {OWNER} with check (kind = '{_KIND}')",
        _FUNCTION,
    )
    offer_function(_FOLLOW, to=RELAY)


def downgrade() -> None:
    run(f"drop function {_FOLLOW}", "drop policy follow_zone_rules on work.envelopes")

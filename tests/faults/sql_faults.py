"""Faults of the schema: what breaks it, and which checks must find that."""

import re

import asyncpg
import msgspec

from tests.security import matrix
from tests.security.catalogue import RULES

MATRIX = "the matrix"
_TABLE = "create table pets (tenant_id uuid not null, id uuid not null, customer_id uuid, primary key (tenant_id, id)"
_CLOSED = """
    alter table pets enable row level security; alter table pets force row level security;
    create policy bound_tenant on pets for all
        using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
        with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
"""
_BOUND = "tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)"

POLICY = "a policy lets see and leave the bound tenant's rows, and says so"
NO_POLICY = "whoever may use a command meets a policy for it"
FORCED = "row-level security is on, and forced, on every tenant table"
LEADS = "the tenant leads every primary, unique and exclusion key"
FOREIGN = "the tenant leads every foreign key, on both sides"
LISTED = "the functions are the closed list, and the application alone may call them"
POWER = "no role of ours has power over the server or over row-level security"
MEMBER = "a serving role is a member of no other"
DIRECTORY = "no role but the owner has a right on a table of the directory"
LIMITS = "statements, locks and idle transactions of those that log in have limits"


class SqlFault(msgspec.Struct, frozen=True):
    """A change, by a superuser or (`by` a role) by that one. Every check named in `caught_by` must find it."""

    name: str
    change: str
    caught_by: tuple[str, ...]
    by: str | None = None


def _fault(name: str, change: str, *caught_by: str, by: str | None = "frontdesk_owner") -> SqlFault:
    return SqlFault(name, change, caught_by, by)


FAULTS = (
    _fault("a policy is dropped", "drop policy bound_tenant on customers", NO_POLICY, MATRIX),
    _fault("row-level security is off", "alter table customers disable row level security", FORCED, MATRIX),
    _fault("row-level security is not forced", "alter table customers no force row level security", FORCED),
    _fault("a policy lets see all", "alter policy bound_tenant on customers using (true)", POLICY, MATRIX),
    _fault("a policy lets write all", "alter policy bound_tenant on customers with check (true)", POLICY, MATRIX),
    _fault(
        "a policy has no check of its own",
        f"drop policy bound_tenant on users; create policy bound_tenant on users using ({_BOUND})",
        POLICY,
    ),
    _fault(
        "a policy reads another setting",
        "alter policy bound_tenant on users using (tenant_id = nullif(current_setting('my.tenant', true), '')::uuid)",
        POLICY,
        MATRIX,
    ),
    _fault(
        "a policy lets nobody mean everybody",
        f"alter policy bound_tenant on users using ({_BOUND} or current_setting('app.tenant_id', true) is null)",
        POLICY,
        MATRIX,
    ),
    _fault(
        "a policy covers reading only",
        f"drop policy bound_tenant on users; create policy bound_tenant on users for select using ({_BOUND})",
        NO_POLICY,
        MATRIX,
    ),
    _fault(
        "a second policy lets in more",
        "create policy second on customers for select using (tags @> '{shared}')",
        "one permissive policy for a table, command and role",
        POLICY,
    ),
    _fault(
        "an envelope may name another tenant",
        "alter policy bound_tenant on work.envelopes with check (true)",
        POLICY,
        MATRIX,
    ),
    _fault("the application sees all calls in doubt", "alter policy see on work.unsettled to frontdesk_app", POLICY),
    _fault(
        "a job may name another tenant",
        "alter policy bound_tenant on work.jobs with check (true)",
        POLICY,
        MATRIX,
    ),
    _fault("the application sees all jobs", "alter policy bound_tenant on jobs using (true)", POLICY, MATRIX),
    _fault("the application sees all envelopes", "alter policy see on work.envelopes to frontdesk_app", POLICY),
    _fault(
        "a new table without a tenant",
        "create table pets (id uuid primary key)",
        "a table without the tenant is on the list of those",
    ),
    _fault("a new table left open", f"{_TABLE}); grant select on pets to frontdesk_app", FORCED, NO_POLICY, MATRIX),
    _fault(
        "a new table of the directory that names a tenant",
        "create table directory.pets (tenant_id uuid primary key)",
        "a table of the directory that names a tenant is on the list of those",
    ),
    _fault(
        "a tenant may be missing",
        "create table pets (tenant_id uuid, id uuid not null, unique (tenant_id, id))",
        "tenant_id is a uuid and never null",
        "every table has a primary key",
    ),
    _fault("a unique key over all tenants", "alter table users add unique (email)", LEADS),
    _fault("a unique index over all tenants", "create unique index on customers (sort_name)", LEADS),
    _fault(
        "an exclusion over all tenants",
        "alter table customers add exclude using gist (tstzrange(created_at, updated_at, '[]') with &&)",
        LEADS,
    ),
    _fault(
        "an exclusion that reaches other tenants",
        "alter table customers add exclude using gist (tenant_id extensions.gist_uuid_ops with <>)",
        "an exclusion compares tenants by equality",
    ),
    _fault(
        "a foreign key without the tenant",
        "alter table customers add unique (id);"
        f" {_TABLE}, foreign key (customer_id) references customers (id)); {_CLOSED}",
        FOREIGN,
    ),
    _fault(
        "a foreign key that clears the tenant",
        f"{_TABLE}, foreign key (tenant_id, customer_id) references customers on delete set null); {_CLOSED}",
        "a foreign key never clears the tenant of what it lets go, and cascades by listing only",
    ),
    _fault(
        "a foreign key into the directory",
        f"{_TABLE}, foreign key (tenant_id) references directory.tenants); {_CLOSED}",
        "no foreign key leads from a tenant table into the directory, or from there to one",
    ),
    _fault(
        "something of an account outlives it",
        "create table directory.pets (id uuid primary key, account_id uuid references directory.accounts)",
        "what belongs to an account or a membership goes with it",
    ),
    _fault(
        "everybody sees what a search sees",
        "alter policy search on users to frontdesk_app",
        POLICY,
        MATRIX,
    ),
    _fault(
        "the application forgets accounts",
        "grant execute on function directory.forget_account to frontdesk_app",
        LISTED,
    ),
    _fault(
        "a constraint that past rows need not keep",
        "alter table users add check (length(email) > 3) not valid",
        "every constraint holds for the rows that are there, and for all that come",
    ),
    _fault(
        "a view with its owner's rights",
        "create view everybody as select * from customers; grant select on everybody to frontdesk_app",
        "a view asks with its caller's rights",
    ),
    _fault(
        "a materialized view",
        "create materialized view everybody as select tenant_id, name from customers",
        "no materialized view, foreign or unlogged table holds a copy",
    ),
    _fault(
        "a partition that is open",
        f"create table pets (tenant_id uuid primary key) partition by hash (tenant_id); {_CLOSED}"
        " create table pets_0 partition of pets for values with (modulus 1, remainder 0);"
        " grant select on pets, pets_0 to frontdesk_app",
        "a partition is closed itself, or to the serving roles",
        FORCED,
    ),
    _fault(
        "an id that is counted up",
        "alter table customers add number bigserial",
        "no id is counted up: there is no sequence",
    ),
    _fault(
        "a trigger that writes elsewhere",
        "create function public.copy() returns trigger language plpgsql as $$ begin return new; end $$;"
        " create trigger copying before insert on customers for each row execute function copy()",
        "nothing writes by itself: triggers and rules are on the list of those",
        LISTED,
    ),
    _fault(
        "a rule that writes elsewhere",
        "create rule copying as on delete to customers do instead select 1",
        "nothing writes by itself: triggers and rules are on the list of those",
    ),
    _fault(
        "a function does not pin its search path",
        "alter function directory.access(uuid) reset search_path",
        "a function with its owner's rights pins its search path",
    ),
    _fault(
        "a function looks into public",
        "alter function directory.access(uuid) set search_path = pg_catalog, public, pg_temp",
        "a function with its owner's rights pins its search path",
    ),
    _fault("everybody may call a function", "grant execute on function directory.access(uuid) to public", LISTED),
    _fault(
        "the relay may call a function", "grant execute on function directory.access(uuid) to frontdesk_relay", LISTED
    ),
    _fault(
        "a function that lists accounts",
        "create function directory.everybody() returns setof directory.accounts language sql security definer"
        " set search_path = pg_catalog, directory, pg_temp as 'select * from accounts';"
        " grant execute on function directory.everybody() to frontdesk_app",
        LISTED,
    ),
    _fault("a function is gone", "drop function directory.access(uuid)", "each function of the list is there"),
    _fault(
        "a function of a superuser's",
        "alter function directory.access(uuid) owner to session_user",
        "a function with its owner's rights is not a superuser's, nor of one that passes row-level security",
        by=None,
    ),
    _fault(
        "new functions are open to all",
        "alter default privileges for role frontdesk_owner grant execute on functions to public",
        "a function that the owner makes tomorrow is closed to the public",
    ),
    _fault(
        "new tables are open",
        "alter default privileges for role frontdesk_owner grant select on tables to frontdesk_app",
        "nothing is granted in advance",
    ),
    _fault(
        "a default calls a function of ours",
        "create function public.now_and_then() returns timestamptz language sql as 'select now()';"
        " alter table users alter created_at set default now_and_then()",
        "a column's default calls nothing of ours",
    ),
    _fault(
        "a suspension ends no session",
        "drop trigger membership_suspended on directory.memberships",
        "each trigger of the list is there, and at work",
    ),
    _fault(
        "an end is told to nobody",
        "alter table directory.sessions disable trigger session_ended",
        "each trigger of the list is there, and at work",
    ),
    _fault("the application reads keys", "grant select on directory.api_keys to frontdesk_app", DIRECTORY),
    _fault(
        "the application opens sessions as it likes",
        "grant execute on function directory.start_session to frontdesk_app",
        LISTED,
    ),
    _fault("the application reads accounts", "grant select on directory.accounts to frontdesk_app", DIRECTORY),
    _fault(
        "the application reads a column of accounts",
        "grant select (email) on directory.accounts to frontdesk_app",
        DIRECTORY,
    ),
    _fault("the application passes row-level security", "alter role frontdesk_app bypassrls", POWER, MATRIX, by=None),
    _fault("the application is a superuser", "alter role frontdesk_app superuser", POWER, MATRIX, by=None),
    _fault("the owner makes roles", "alter role frontdesk_owner createrole", POWER, by=None),
    _fault("the search role logs in", "alter role frontdesk_search login", "the search role cannot log in", by=None),
    _fault("the application is a member of the owner", "grant frontdesk_owner to frontdesk_app", MEMBER, by=None),
    _fault("the application monitors the server", "grant pg_monitor to frontdesk_app", MEMBER, by=None),
    _fault(
        "the application becomes the relay",
        "grant frontdesk_relay to frontdesk_app",
        MEMBER,
        "nobody but a manager of roles is a member of ours",
        by=None,
    ),
    _fault(
        "the application owns a table",
        "alter table customers owner to frontdesk_app",
        "a serving role owns nothing; the search role owns functions only",
        "every table belongs to the owner",
        by=None,
    ),
    _fault(
        "the application creates tables",
        "grant create on schema public to frontdesk_app",
        "a serving role creates nothing, not even temporary tables",
        by=None,
    ),
    _fault(
        "the application creates temporary tables",
        "do $$ begin execute format('grant temporary on database %I to frontdesk_app', current_database()); end $$",
        "a serving role creates nothing, not even temporary tables",
        by=None,
    ),
    _fault(
        "the application truncates",
        "grant truncate on customers to frontdesk_app",
        "a serving role selects, inserts, updates and deletes, and may not pass that on",
    ),
    _fault(
        "the application passes rights on",
        "grant select on customers to frontdesk_app with grant option",
        "a serving role selects, inserts, updates and deletes, and may not pass that on",
    ),
    _fault(
        "the past may be changed",
        "grant update on events to frontdesk_app",
        "what has happened is only ever added to",
    ),
    _fault(
        "the audit log may be rewritten",
        "grant update (personal) on audit_log to frontdesk_app",
        "what has happened is only ever added to",
    ),
    _fault(
        "a seal may be taken away",
        "grant delete on audit_seals to frontdesk_app",
        "what has happened is only ever added to",
    ),
    _fault("the application seals", "grant execute on function work.seal_audit to frontdesk_app", LISTED),
    _fault("the relay erases", "grant execute on function erase_from_audit to frontdesk_relay", LISTED),
    _fault(
        "everybody reads customers", "grant select on customers to public", "nothing of ours is granted to the public"
    ),
    _fault(
        "the relay reads customers",
        "grant select on customers to frontdesk_relay",
        "the relay has rights on envelopes only, and on the log of their numbers",
    ),
    _fault("statements may take for ever", "alter role frontdesk_app reset statement_timeout", LIMITS, by=None),
    _fault("the relay waits for locks for ever", "alter role frontdesk_relay set lock_timeout = 0", LIMITS, by=None),
    _fault(
        "a role is bound for good",
        "alter role frontdesk_app set app.tenant_id = '01890000-0000-7000-8000-000000000000'",
        "no setting of a role loosens what it meets",
        by=None,
    ),
    _fault(
        "others' statements are shown",
        "grant select on pg_stat_activity to frontdesk_app",
        "the statements of others are hidden",
        by=None,
    ),
)


async def findings(inspector: asyncpg.Connection, check: str, fault: SqlFault | None = None) -> list[str]:
    """What a check finds: a rule of the catalogue, or the matrix, of the tables that `fault` is about or of all."""
    if check != MATRIX:
        return await RULES[check].findings(inspector)
    return await matrix.breaches(inspector, await _concerned(inspector, fault) if fault else ())


async def _concerned(inspector: asyncpg.Connection, fault: SqlFault) -> list[str]:
    """The tables that its change names; where it is about a role, the customers stand for all that the role meets."""
    named = set(re.findall(r"\w+", fault.change))
    about = [table for table in await matrix.tenant_tables(inspector) if table.rpartition(".")[2] in named]
    return about or ["public.customers"]


async def missed_by(inspector: asyncpg.Connection, fault: SqlFault) -> list[str]:
    """Plant a fault, and name the checks that do not find it. It is undone."""
    planting = inspector.transaction()
    await planting.start()
    try:
        if fault.by:
            await inspector.execute(f"set local role {fault.by}")
        await inspector.execute(fault.change)
        await inspector.execute("reset role")
        return [check for check in fault.caught_by if not await findings(inspector, check, fault)]
    finally:
        await planting.rollback()

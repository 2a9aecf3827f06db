"""The audit log: entries that are only ever added, the chain that seals them, and security events without a tenant.

An entry is written with the change that it tells of. `work.unsealed` names it until `work.seal_audit` has numbered it
and chained it to the entry before. The hash covers salted digests of the two personal parts, kept with the seal:
deleting a part with its salt leaves the chain whole.

Revision: 0020, after 0010.
"""

from infra.postgres.roles import RELAY
from infra.postgres.schema import BOUND_TENANT, close_to_other_tenants, offer_function, run

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, work, pg_temp"
_SECURITY_EVENT = (
    "directory.note_security_event("
    "event uuid, at timestamptz, kind text, given text, request text, came_from text, browser text)"
)

TABLES = (
    """
    create table audit_log (
        tenant_id uuid not null,
        id uuid not null,
        occurred_at timestamptz not null,
        actor_id uuid,
        action text not null,
        subject_id uuid,
        request_id text,
        changes json not null,
        origin json,
        origin_salt bytea,
        personal json,
        personal_salt bytea,
        primary key (tenant_id, id)
    )
    """,
    "create index audit_log_by_time on audit_log (tenant_id, occurred_at desc, id desc)",
    "create index audit_log_by_actor on audit_log (tenant_id, actor_id, occurred_at desc, id desc)",
    "create index audit_log_by_subject on audit_log (tenant_id, subject_id, occurred_at desc, id desc)",
    """
    create table audit_seals (
        tenant_id uuid not null,
        number bigint not null,
        entry_id uuid not null,
        origin_digest bytea,
        personal_digest bytea,
        hash bytea not null,
        primary key (tenant_id, number),
        unique (tenant_id, entry_id),
        foreign key (tenant_id, entry_id) references audit_log
    )
    """,
    """
    create table audit_chains (
        tenant_id uuid primary key,
        number bigint not null,
        hash bytea not null
    )
    """,
    "create table work.unsealed (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id))",
    """
    create table directory.security_events (
        id uuid primary key,
        occurred_at timestamptz not null,
        action text not null,
        account_id uuid,
        address text,
        request_id text,
        ip text,
        agent text
    )
    """,
    "create index security_events_by_time on directory.security_events (occurred_at)",
)

ENVELOPES = (
    "alter table work.unsealed enable row level security",
    "alter table work.unsealed force row level security",
    f"""
    create policy bound_tenant on work.unsealed for all to frontdesk_app, frontdesk_owner
    using (tenant_id = {BOUND_TENANT}) with check (tenant_id = {BOUND_TENANT})
    """,
    "create policy claim on work.unsealed for select to frontdesk_relay using (true)",
    "grant insert on work.unsealed to frontdesk_app",
    "grant select on work.unsealed to frontdesk_relay",
)

FUNCTIONS = {
    "work.seal_audit(integer)": f"""
        create function work.seal_audit(most integer) returns integer language plpgsql {_AS_OWNER} as $$
        declare
            tenant uuid := {BOUND_TENANT};
            first bigint;
            last public.audit_chains;
            entry public.audit_log;
            seal public.audit_seals;
        begin
            if tenant is null or not pg_try_advisory_xact_lock(hashtextextended('audit ' || tenant, 0)) then
                return 0;
            end if;
            select * into last from public.audit_chains;
            last := (tenant, coalesce(last.number, 0), coalesce(last.hash, decode(repeat('00', 32), 'hex')));
            first := last.number;
            for entry in
                select l.* from unsealed u join public.audit_log l on l.tenant_id = u.tenant_id and l.id = u.id
                order by u.id limit most
            loop
                last.number := last.number + 1;
                seal.origin_digest := sha256(entry.origin_salt || convert_to(entry.origin::text, 'UTF8'));
                seal.personal_digest := sha256(entry.personal_salt || convert_to(entry.personal::text, 'UTF8'));
                last.hash := sha256(last.hash || convert_to(json_build_array(
                    last.number, tenant, entry.id, (extract(epoch from entry.occurred_at) * 1000000)::bigint,
                    entry.actor_id, entry.action, entry.subject_id, entry.request_id, entry.changes::text,
                    encode(seal.origin_digest, 'hex'), encode(seal.personal_digest, 'hex'))::text, 'UTF8'));
                insert into public.audit_seals (tenant_id, number, entry_id, origin_digest, personal_digest, hash)
                values (tenant, last.number, entry.id, seal.origin_digest, seal.personal_digest, last.hash);
            end loop;
            if last.number > first then
                delete from unsealed u using public.audit_seals s
                where s.number > first and u.tenant_id = s.tenant_id and u.id = s.entry_id;
                insert into public.audit_chains (tenant_id, number, hash) values (tenant, last.number, last.hash)
                on conflict (tenant_id) do update set number = excluded.number, hash = excluded.hash;
            end if;
            return last.number - first;
        end
        $$
    """,
    "public.erase_from_audit(uuid)": f"""
        create function public.erase_from_audit(person uuid) returns void language sql {_AS_OWNER} as $$
            update public.audit_log set personal = null, personal_salt = null
            where subject_id = person and personal is not null;
            update public.audit_log set origin = null, origin_salt = null
            where actor_id = person and origin is not null
        $$
    """,
    "directory.note_security_event(uuid, timestamptz, text, text, text, text, text)": f"""
        create function {_SECURITY_EVENT} returns void
        language sql security definer set search_path = pg_catalog, directory, pg_temp as $$
            insert into security_events (id, occurred_at, action, account_id, address, request_id, ip, agent)
            values (event, at, kind, (select a.id from accounts a where a.email = given), given, request, came_from,
                    browser)
        $$
    """,
}


def upgrade() -> None:
    run(*TABLES)
    close_to_other_tenants("audit_log", app_may="select, insert")
    close_to_other_tenants("audit_seals", app_may="select")
    close_to_other_tenants("audit_chains", app_may="select")
    run(*ENVELOPES)
    for signature, body in FUNCTIONS.items():
        run(body)
        if signature.startswith("work."):
            offer_function(signature, to=RELAY)
        else:
            offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run(
        "drop table directory.security_events",
        "drop table work.unsealed",
        "drop table audit_chains",
        "drop table audit_seals",
        "drop table audit_log",
    )

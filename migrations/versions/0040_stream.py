"""The live pipe: what goes to sockets, its order, and tickets that open a socket.

`work.stream` has a row for each event that sockets hear of; the relay gives it the tenant's next number and puts it
into `event_log`. Ids and numbers only: the relay never sees what an event holds.

Revision: 0040, after 0030.
"""

from infra.postgres.schema import close_to_other_tenants, offer_function, run

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, {schema}, pg_temp"
_IN_DIRECTORY = _AS_OWNER.format(schema="directory")

FUNCTIONS = {
    "work.heads_of(uuid[])": f"""
        create function work.heads_of(tenants uuid[]) returns table (tenant uuid, seq bigint)
        language sql stable {_AS_OWNER.format(schema="work")} as $$
            select h.tenant_id, h.seq from stream_heads h where h.tenant_id = any (tenants)
        $$
    """,
    "directory.standing_of(uuid[])": f"""
        create function directory.standing_of(wanted uuid[]) returns table (session uuid, role text)
        language sql stable {_IN_DIRECTORY} as $$
            select s.id, m.role
            from sessions s join memberships m on m.account_id = s.account_id and m.tenant_id = s.tenant_id
            where s.id = any (wanted) and s.expires_at > now()
        $$
    """,
    "directory.issue_ticket(bytea, uuid, interval)": f"""
        create function directory.issue_ticket(
            ticket bytea, session uuid, lifetime interval, out expires_at timestamptz
        ) language sql {_IN_DIRECTORY} as $$
            delete from tickets t where t.expires_at <= now();
            insert into tickets (digest, session_id, expires_at)
            select ticket, s.id, now() + lifetime from sessions s where s.id = session and s.expires_at > now()
            returning tickets.expires_at
        $$
    """,
    "directory.redeem_ticket(bytea)": f"""
        create function directory.redeem_ticket(ticket bytea, out session uuid) language sql {_IN_DIRECTORY} as $$
            delete from tickets where digest = ticket and expires_at > now() returning session_id
        $$
    """,
}


def upgrade() -> None:
    _make_stream()
    _make_event_log()
    run(
        """
        create table directory.tickets (
            digest bytea primary key,
            session_id uuid not null references directory.sessions on delete cascade,
            expires_at timestamptz not null
        )
        """,
        "create index tickets_by_session on directory.tickets (session_id)",
        "create index tickets_by_end on directory.tickets (expires_at)",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def _make_stream() -> None:
    run(
        """
        create table work.stream (
            tenant_id uuid not null,
            id bigint generated always as identity,
            slot smallint not null generated always as ((uuid_hash(tenant_id) & 15)::smallint) stored,
            event_id uuid not null,
            type text not null,
            audience text not null,
            subject_id uuid not null,
            subject_version integer not null,
            primary key (tenant_id, event_id)
        )
        """,
        "create index stream_in_order on work.stream (id)",
        "create table work.stream_heads (tenant_id uuid primary key, seq bigint not null)",
        "alter table work.stream_heads enable row level security",
        "alter table work.stream_heads force row level security",
        "grant select, delete on work.stream to frontdesk_relay",
        "grant select, insert, update on work.stream_heads to frontdesk_relay",
        "create policy number on work.stream for all to frontdesk_relay using (true) with check (true)",
        "create policy number on work.stream_heads for all to frontdesk_relay using (true) with check (true)",
        "create policy tell on work.stream_heads for select to frontdesk_owner using (true)",
    )
    close_to_other_tenants("work.stream", app_may="insert", whom="frontdesk_app")


def _make_event_log() -> None:
    run(
        """
        create table event_log (
            tenant_id uuid not null,
            seq bigint not null,
            event_id uuid not null,
            type text not null,
            audience text not null,
            subject_id uuid not null,
            subject_version integer not null,
            recorded_at timestamptz not null default now(),
            primary key (tenant_id, seq)
        )
        """,
        "create index event_log_by_age on event_log using brin (recorded_at)",
        "grant usage on schema public to frontdesk_relay",
        "grant select, insert, delete on event_log to frontdesk_relay",
        "create policy number on event_log for all to frontdesk_relay using (true) with check (true)",
    )
    close_to_other_tenants("event_log", app_may="select", whom="frontdesk_app")


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run(
        "drop table directory.tickets",
        "drop table event_log",
        "revoke usage on schema public from frontdesk_relay",
        "drop table work.stream_heads",
        "drop table work.stream",
    )

"""API keys end with the password under which they were made, where that was reset, or where its change asks for it.

A reset also stops a change of address that is under way: whoever asked for that knew the old password.

A key is made only beside a session that is still there, which is looked at under a lock: whoever ends all sessions and
keys waits for it, and finds it.

Revision: 0220, after 0207.
"""

from infra.postgres.schema import offer_function, run

revision = "0220"
down_revision = "0207"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.end_keys_of(uuid)": f"""
        create function directory.end_keys_of(account uuid) returns void language sql {_AS_OWNER} as $$
            delete from api_keys k where k.account_id = account
        $$
    """,
    "directory.stop_email_changes_of(uuid)": f"""
        create function directory.stop_email_changes_of(account uuid) returns void language sql {_AS_OWNER} as $$
            delete from email_changes c where c.account_id = account
        $$
    """,
    "directory.hold_session(uuid)": f"""
        create function directory.hold_session(session uuid, out held boolean) language plpgsql {_AS_OWNER} as $$
        begin
            perform from sessions s where s.id = session and s.expires_at > now() for key share;
            held := found;
        end
        $$
    """,
}


def upgrade() -> None:
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    run(*(f"drop function {signature}" for signature in FUNCTIONS))

"""What people say of themselves, who may see it, how they are at present, and that a user was suspended or erased.

Revision: 0170, after 0163.
"""

from infra.postgres.schema import run

revision = "0170"
down_revision = "0163"
branch_labels = None
depends_on = None

_VISIBILITY = (
    '{"email": "staff", "phone": "staff", "address": "admins", "location": "everyone", "company": "everyone",'
    ' "title": "everyone", "bio": "everyone", "website": "everyone", "linkedin": "everyone", "skills": "everyone",'
    ' "certifications": "everyone"}'
)
COLUMNS = {
    "member_type": "text",
    "member_since": "date",
    "address": "jsonb",
    "location": "text",
    "bio": "text",
    "website": "text",
    "linkedin": "text",
    "skills": "text[] not null default '{}'",
    "certifications": "jsonb not null default '[]'",
    "status": "text not null default 'offline' check (status in ('away', 'busy', 'in_meeting', 'offline', 'online'))",
    "status_message": "text",
    "preferences": """jsonb not null default '{"notifications": true, "soundEnabled": true}'""",
    "notification_preferences": """jsonb not null default '{"email": true, "sms": true, "push": true}'""",
    "field_visibility": f"jsonb not null default '{_VISIBILITY}'",
    "suspended_at": "timestamptz",
    "suspension_reason": "text",
    "erased_at": "timestamptz",
    "sort_name": "text not null generated always as (lower(display_name)) stored",
}


def upgrade() -> None:
    run(*(f"alter table users add {name} {kind}" for name, kind in COLUMNS.items()))
    run(
        "create index users_by_name on users (tenant_id, sort_name, id)",
        "create index users_by_creation on users (tenant_id, created_at desc, id desc)",
    )


def downgrade() -> None:
    run("drop index users_by_creation", "drop index users_by_name")
    run(*(f"alter table users drop {name}" for name in reversed(COLUMNS)))

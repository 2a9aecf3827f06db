"""By which release of tzdata the instants of visits were reckoned.

Revision: 0541, after 0540.
"""

from importlib.metadata import version

from infra.postgres.schema import run

revision = "0541"
down_revision = "0540"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        create table work.zone_rules (
            only_one boolean primary key default true check (only_one),
            tzdata text not null
        )
        """,
        f"insert into work.zone_rules (tzdata) values ('{version('tzdata')}')",
        "grant select, update (tzdata) on work.zone_rules to frontdesk_app",
    )


def downgrade() -> None:
    run("drop table work.zone_rules")

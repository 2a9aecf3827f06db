"""The table of custom fields of customers."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from infra.postgres.tables.base import Privacy, Resource, holds


class CustomFieldRow(Resource):
    __tablename__ = "customer_fields"

    key: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    label: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    type: Mapped[str] = mapped_column(Text, info=holds(Privacy.NONE))
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text), info=holds(Privacy.NONE))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"]),
        UniqueConstraint("tenant_id", "key", name="customer_fields_tenant_id_key_key"),
        CheckConstraint("type in ('boolean', 'choice', 'date', 'number', 'text')", name="type"),
    )

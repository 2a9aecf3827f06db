"""What most would pick: FastAPI, the SQLAlchemy ORM on asyncpg, pydantic, PyJWT, uvicorn.

The same rows under the same row-level security; no permissions, limits, audit, events, metrics or logs.
"""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field, field_serializer
from pydantic.alias_generators import to_camel
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from domains.shared.ids import new_id
from infra.postgres.tables import CustomerRow

_engine = create_async_engine(
    os.environ.get("DATABASE_URL", "postgresql://localhost/none").replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=10,
    max_overflow=0,
)
_sessions = async_sessionmaker(_engine, expire_on_commit=False)
_CAMEL = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class NewCustomer(BaseModel):
    """What is asked."""

    model_config = ConfigDict(**_CAMEL, extra="forbid")

    name: str | None = None
    company: str | None = None
    emails: list[str] = []
    phones: list[str] = []
    addresses: list[dict[str, Any]] = []
    tags: list[str] = []
    notes: str | None = None
    preferred_language: str | None = None
    source: str | None = None
    custom: dict[str, Any] = {}


class Shown(NewCustomer):
    """What is answered."""

    id: UUID
    archived_at: datetime | None
    merged_into: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime

    @field_serializer("archived_at", "created_at", "updated_at")
    def _time(self, instant: datetime | None) -> str | None:
        return instant and instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


class Listed(BaseModel):
    """One page."""

    items: list[Shown]
    next_cursor: str | None = Field(serialization_alias="nextCursor")


class Asker(BaseModel):
    """Who asks, and the session of the request."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    tenant: UUID
    session: AsyncSession


async def _asker(authorization: Annotated[str, Header()]) -> AsyncIterator[Asker]:
    claims = jwt.decode(
        authorization[7:], os.environ["JWT_SECRET"], algorithms=["HS256"], issuer="frontdesk", audience="frontdesk-api"
    )
    tenant = UUID(claims["tid"])
    async with _sessions() as session, session.begin():
        await session.execute(text("select set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant)})
        yield Asker(tenant=tenant, session=session)


Asking = Annotated[Asker, Depends(_asker)]
app = FastAPI()


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    return {}


@app.get("/api/v1/customers")
async def list_customers(asker: Asking, limit: int = 20) -> Listed:
    query = (
        select(CustomerRow)
        .where(CustomerRow.merged_into.is_(None), CustomerRow.erased_at.is_(None), CustomerRow.archived_at.is_(None))
        .order_by(CustomerRow.created_at.desc(), CustomerRow.id.desc())
        .limit(limit + 1)
    )
    rows = (await asker.session.scalars(query)).all()
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    return Listed(items=[Shown.model_validate(row) for row in rows[:limit]], next_cursor=more)


@app.get("/api/v1/customers/{customer_id}")
async def get_customer(customer_id: UUID, asker: Asking) -> Shown:
    row = await asker.session.scalar(select(CustomerRow).where(CustomerRow.id == customer_id))
    if row is None:
        raise HTTPException(404)
    return Shown.model_validate(row)


@app.post("/api/v1/customers", status_code=201)
async def create_customer(order: NewCustomer, asker: Asking) -> Shown:
    now = datetime.now(UTC)
    row = CustomerRow(
        tenant_id=asker.tenant, id=new_id(), **order.model_dump(), version=1, created_at=now, updated_at=now
    )
    asker.session.add(row)
    await asker.session.flush()
    return Shown.model_validate(row)

"""How a person's sessions are shown."""

import re
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from domains.identity.model import Slug, TenantName
from domains.identity.session_ports import OpenSession
from domains.shared.clock import Timestamp, timestamp
from domains.shared.wire import View

Device = Annotated[str, Meta(max_length=100, examples=["Firefox on Windows"])]
Agent = Annotated[str, Meta(max_length=500, examples=["Mozilla/5.0"])]
Ip = Annotated[str, Meta(max_length=45, examples=["192.0.2.7"])]

_BROWSERS = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)


class SessionTenant(View, frozen=True):
    """The tenant in which a session works."""

    id: UUID
    slug: Slug
    name: TenantName


class SessionView(View, frozen=True):
    """A session. `lastUsedAt` is when it was last given tokens; `expiresAt` moves on with each refresh."""

    id: UUID
    current: bool
    tenant: SessionTenant
    device: Device | None
    ip: Ip | None
    agent: Agent | None
    created_at: Timestamp
    last_used_at: Timestamp
    expires_at: Timestamp

    @classmethod
    def of(cls, session: OpenSession, *, current: UUID) -> Self:
        return cls(
            id=session.id,
            current=session.id == current,
            tenant=SessionTenant(id=session.tenant, slug=session.slug, name=session.tenant_name),
            device=device_of(session.agent),
            ip=session.ip,
            agent=session.agent,
            created_at=timestamp(session.created_at),
            last_used_at=timestamp(session.last_used_at),
            expires_at=timestamp(session.expires_at),
        )


class SessionList(View, frozen=True):
    """All sessions of the person: there are few, and one page holds them."""

    items: Annotated[tuple[SessionView, ...], Meta(max_length=1000)]
    next_cursor: None = None


def device_of(agent: str | None) -> str | None:
    """What a person would call it: `Firefox on Windows`. None for what is no browser that we know."""
    browser, system = _first(_BROWSERS, agent or ""), _first(_SYSTEMS, agent or "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for name, pattern in names if re.search(pattern, agent)), None)

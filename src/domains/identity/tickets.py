"""Tickets: what a browser opens a socket with, as it cannot send a header and a token has no place in an address."""

import hashlib
import secrets
from datetime import timedelta
from typing import Annotated

import msgspec

from domains.identity.ports import LiveSessions, Tickets
from domains.identity.session import Session
from domains.shared.actor import Actor
from domains.shared.clock import Timestamp, timestamp
from domains.shared.errors import Forbidden
from domains.shared.permissions import Permission
from domains.shared.wire import View

TICKET_LIFETIME = timedelta(seconds=30)
_BYTES = 32
_LONGEST = 100

TicketText = Annotated[str, msgspec.Meta(max_length=_LONGEST, examples=["kTc0vSb2Jr1dY3WkzH1c6mQmYzqfYvN7o0aU4m3pX9E"])]


class SocketTicket(View, frozen=True):
    """A ticket opens one socket, until `expires_at`."""

    ticket: TicketText
    expires_at: Timestamp


class TicketOffice:
    """Gives out tickets for sockets to those who are signed in."""

    def __init__(self, actor: Actor, tickets: Tickets) -> None:
        self.actor = actor
        self.tickets = tickets

    async def issue(self) -> SocketTicket:
        """Get a ticket that opens one socket.

        - It is good once, for 30 seconds, in any process.
        - It speaks for the session that asked for it, and for as long as that lives.
        """
        self.actor.must(Permission.PROFILE_READ)
        if self.actor.is_key:
            raise Forbidden("An API key listens to event streams; sockets are for people.")
        ticket = secrets.token_urlsafe(_BYTES)
        expires_at = await self.tickets.keep(_digest(ticket), self.actor.session, lifetime=TICKET_LIFETIME)
        return SocketTicket(ticket=ticket, expires_at=timestamp(expires_at))


class TicketGate:
    """Lets in whoever holds a ticket."""

    def __init__(self, tickets: Tickets, sessions: LiveSessions) -> None:
        self.tickets = tickets
        self.sessions = sessions

    async def admit(self, ticket: str) -> Session | None:
        """The session that the ticket speaks for; None when it is unknown, used or late, or the session has ended."""
        if len(ticket) > _LONGEST:
            return None
        session = await self.tickets.take(_digest(ticket))
        return None if session is None else await self.sessions.find(session)


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()

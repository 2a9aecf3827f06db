"""The relay, wired: what is done about each kind of envelope, one by one or in batches."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from dishka import AsyncContainer

from domains.shared.clock import Clock
from domains.shared.envelopes import Envelope
from frontdesk.callers import Caller
from frontdesk.subscriptions import FOLLOW_UPS
from infra.clock import StoppedClock
from infra.postgres.batches import PostgresBatch, PostgresBatches
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.envelopes import PostgresEnvelopes
from infra.postgres.events import PostgresEvents
from infra.postgres.finding import Finding
from infra.postgres.recording import Origin
from workers.batched import Batched
from workers.follow_ups import FollowUp, FollowUps
from workers.leased import Handler, Leased
from workers.relay import Relay
from workers.watching import Watch, watched


async def relay_over(
    container: AsyncContainer, finding: Database, watches: Sequence[Watch] = (), *, follow_ups: FollowUps = FOLLOW_UPS
) -> Relay:
    """A relay that finds envelopes as the relay's role, and takes them with the container's parts."""
    taking, finder = await container.get(Database), Finding(finding)
    settling = {kind: follow_up for kind, follow_up in follow_ups.items() if follow_up.settles}
    calling = {kind: follow_up for kind, follow_up in follow_ups.items() if not follow_up.settles}

    async def carry_out(envelope: Envelope, batch: PostgresBatch) -> None:
        follow_up = settling[envelope.kind]
        async with _scope(container, follow_up, envelope, StoppedClock(envelope.due_at), joins=batch) as scope:
            await _tell(scope, follow_up, envelope)

    batches = PostgresBatches(finding=finder, taking=taking, kinds=settling, do=carry_out)
    envelopes = PostgresEnvelopes(finding=finder, taking=taking, in_batches=settling)
    handlers = {kind: _handler(container, follow_up) for kind, follow_up in calling.items()}
    slow = frozenset(kind for kind, follow_up in calling.items() if follow_up.slow)
    return Relay(Batched(batches, watches), Leased(envelopes, watched(handlers, watches), slow=slow))


def _handler(container: AsyncContainer, follow_up: FollowUp) -> Handler:
    async def handle(envelope: Envelope) -> None:
        clock = await container.get(BusinessClock) if follow_up.of_event else StoppedClock(envelope.due_at)
        async with _scope(container, follow_up, envelope, clock) as scope:
            await _tell(scope, follow_up, envelope)

    return handle


async def _tell(scope: AsyncContainer, follow_up: FollowUp, envelope: Envelope) -> None:
    """Raise `LookupError` where the tenant does not have the event that it is about."""
    capability: object = await scope.get(follow_up.capability)
    subject = envelope.subject
    if follow_up.of_event:
        subject = envelope.about or await (await scope.get(PostgresEvents)).subject_of(subject)
    await follow_up.verb(capability, subject)


@asynccontextmanager
async def _scope(
    container: AsyncContainer,
    follow_up: FollowUp,
    envelope: Envelope,
    clock: Clock,
    *,
    joins: PostgresBatch | None = None,
) -> AsyncIterator[AsyncContainer]:
    """The parts for one envelope."""
    cause = envelope.subject if follow_up.of_event else envelope.id
    origin = Origin(correlation=str(envelope.id), causation=cause)
    caller = Caller(tenant=envelope.tenant, origin=origin, envelope=envelope.id, joins=joins)
    async with container(context={Caller: caller, Clock: clock}) as scope:
        yield scope

"""What is made once a request, or once an envelope: one unit of work, and what every domain shares of it."""

import msgspec
from dishka import Provider, Scope, provide

from api.operations import Alerts, ProcessFigures
from domains.shared.clock import Clock, TenantZone
from domains.shared.work import UnitOfWork
from frontdesk.callers import Caller
from frontdesk.subscriptions import INSIDE, SUBSCRIPTIONS
from infra.metrics.figures import ProcessFigureQueries
from infra.postgres.access_watch import AccessWatch
from infra.postgres.alerts import PostgresAlertQueries
from infra.postgres.database import Database
from infra.postgres.events import PostgresEvents
from infra.postgres.members import PostgresTenantZone
from infra.postgres.streaming import Streaming
from infra.postgres.work import PostgresWork


class Workshop(msgspec.Struct, frozen=True):
    """What the units of work of one process share."""

    database: Database
    streaming: Streaming
    access: AccessWatch


class WorkParts(Provider):
    """The unit of work, and what shares it whatever the domain."""

    scope = Scope.REQUEST

    @provide(scope=Scope.APP)
    def workshop(self, database: Database, streaming: Streaming, access: AccessWatch) -> Workshop:
        return Workshop(database, streaming, access)

    @provide
    def work(self, of: Workshop, caller: Caller, clock: Clock) -> PostgresWork:
        work = PostgresWork(
            of.database, caller.tenant, caller.origin, SUBSCRIPTIONS, clock, request=caller.repeatable_request
        )
        if caller.joins is not None:
            work.joining(caller.joins)
        return work.telling(of.streaming).heard_by(INSIDE).watched_by(of.access)

    @provide
    def unit_of_work(self, work: PostgresWork) -> UnitOfWork:
        return work

    events = provide(PostgresEvents)
    zone = provide(PostgresTenantZone, provides=TenantZone)
    alerts = provide(PostgresAlertQueries, provides=Alerts)
    figures = provide(ProcessFigureQueries, provides=ProcessFigures)

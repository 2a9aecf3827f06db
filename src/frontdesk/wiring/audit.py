"""The audit log's parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.audit import AuditErasure, AuditQueries, Refusals
from infra.postgres.audit_log import PostgresAuditErasure, PostgresAuditQueries


class AuditParts(Provider):
    """Reading the log, erasing from it, and noting refusals in it."""

    scope = Scope.REQUEST

    queries = provide(PostgresAuditQueries, provides=AuditQueries)
    erasure = provide(PostgresAuditErasure, provides=AuditErasure)
    refusals = provide(Refusals)

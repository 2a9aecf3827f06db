"""What one process observes itself with: instruments always, traces and reports where they are set."""

from collections.abc import Sequence

from frontdesk.on_demand import exported_spans, sentry_reports
from frontdesk.settings import Settings
from infra.metrics.instruments import Instruments
from infra.postgres.watching import DatabaseWatch
from infra.reports import Reports
from infra.tracing.traces import TracedTransactions, Traces
from workers.watching import Watch


class Telemetry:
    """The ways in which this process is observed."""

    def __init__(
        self, instruments: Instruments, *, traces: Traces | None = None, reports: Reports | None = None
    ) -> None:
        self.instruments = instruments
        self.traces = traces
        self.reports = reports

    @property
    def database_watches(self) -> Sequence[DatabaseWatch]:
        watches: list[DatabaseWatch] = [self.instruments.database]
        return [*watches, TracedTransactions(self.traces)] if self.traces else watches

    @property
    def envelope_watches(self) -> Sequence[Watch]:
        watches: list[Watch] = [self.instruments.envelopes.around]
        return [*watches, self.traces.around] if self.traces else watches

    def close(self) -> None:
        """Send what waits. Blocks for some seconds where the other side does not answer."""
        if self.traces:
            self.traces.close()
        if self.reports:
            self.reports.close()


def telemetry_of(settings: Settings, *, role: str, version: str) -> Telemetry:
    """What the settings ask for, for a process of this role (`api`, `worker`)."""
    of = settings.observing
    traces, reports = None, None
    if of.otlp_endpoint:
        spans = exported_spans(of.otlp_endpoint, role=role, version=version, percent=of.traces_percent)
        traces = Traces(spans, version=version)
    if of.sentry_dsn:
        environment = settings.environment.value
        reports = sentry_reports(of.sentry_dsn, role=role, version=version, environment=environment)
    return Telemetry(Instruments(role=role, version=version), traces=traces, reports=reports)

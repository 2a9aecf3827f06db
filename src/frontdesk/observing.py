"""What a process does beside its work so that it can be observed: serve metrics, measure itself, raise alerts."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from dishka import AsyncContainer

from domains.identity import Letters
from domains.shared.ids import new_id
from frontdesk.alert_rules import rules_of_every_process
from frontdesk.observing_settings import ObservingSettings
from frontdesk.on_demand import posted_alerts
from frontdesk.telemetry import Telemetry
from infra.alerts.channels import MailedAlerts, SentryAlerts
from infra.alerts.rules import Rule
from infra.alerts.watching import Channel, Reading, Watching
from infra.mail.direct import DirectLetters
from infra.metrics.server import metrics_server
from infra.postgres.alerts import PostgresAlerts
from infra.postgres.database import Database


@asynccontextmanager
async def observed(
    telemetry: Telemetry,
    of: ObservingSettings,
    *,
    container: AsyncContainer,
    port: int,
    rules: Mapping[Rule, Reading],
) -> AsyncIterator[None]:
    """Observe this process until left. `rules` are its own, beside those of every process. `port` 0: no metrics."""
    database = await container.get(Database)
    channels = channels_of(of, await container.get(DirectLetters), telemetry)
    instruments = telemetry.instruments
    watching = Watching(
        {**rules_of_every_process(of, instruments, database), **rules},
        source=instruments.role,
        channels=channels,
        board=PostgresAlerts(database, new_id()),
    )
    async with AsyncExitStack() as held:
        held.push_async_callback(asyncio.to_thread, telemetry.close)
        if port:
            held.enter_context(metrics_server(instruments.registry, host=of.metrics_host, port=port))
        tasks = [
            asyncio.create_task(doing)
            for doing in (instruments.watch_loop(), instruments.recent.keep(), watching.run())
        ]
        held.push_async_callback(_ended, tasks)
        yield


def channels_of(of: ObservingSettings, letters: Letters, telemetry: Telemetry) -> Sequence[Channel]:
    """Everybody who is to be told."""
    channels: list[Channel] = [MailedAlerts(letters, to=address) for address in of.mail_to]
    if of.webhook_url:
        channels.append(posted_alerts(of.webhook_url))
    if telemetry.reports:
        channels.append(SentryAlerts(telemetry.reports))
    return channels


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

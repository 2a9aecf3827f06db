"""How operators are told: by letter, at Sentry. Names, numbers and times only."""

from typing import ClassVar

from domains.identity import Letters
from domains.shared.clock import timestamp
from infra.alerts.rules import Alert
from infra.reports import Reports


class MailedAlerts:
    """A letter to one operator."""

    name: ClassVar[str] = "mail"

    def __init__(self, letters: Letters, *, to: str) -> None:
        self._letters = letters
        self._to = to

    async def tell(self, alert: Alert) -> None:
        words = {"text": alert.text, "since": timestamp(alert.since)}
        await self._letters.send(to=self._to, template="alert", words=words)


class SentryAlerts:
    """A message at Sentry."""

    name: ClassVar[str] = "sentry"

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    async def tell(self, alert: Alert) -> None:
        self._reports.message(alert.text, rule=alert.rule, state=alert.state.value)

"""How operators are told: by letter, at an address of theirs, at Sentry. Names, numbers and times only."""

from typing import ClassVar

import httpx

from domains.identity import Letters
from domains.shared.clock import timestamp
from infra.alerts.rules import Alert
from infra.reports import Reports

_TIMEOUT_SECONDS = 10


class MailedAlerts:
    """A letter to one operator."""

    name: ClassVar[str] = "mail"

    def __init__(self, letters: Letters, *, to: str) -> None:
        self._letters = letters
        self._to = to

    async def tell(self, alert: Alert) -> None:
        words = {"text": alert.text, "since": timestamp(alert.since)}
        await self._letters.send(to=self._to, template="alert", words=words)


class PostedAlerts:
    """A POST of JSON; `text` is what chat systems show. Redirects are not followed, anything but 2xx is a failure."""

    name: ClassVar[str] = "webhook"

    def __init__(self, url: str) -> None:
        self._url = url

    async def tell(self, alert: Alert) -> None:
        told = {
            "text": alert.text,
            "rule": alert.rule,
            "source": alert.source,
            "state": alert.state.value,
            "value": alert.value,
            "threshold": alert.threshold,
            "unit": alert.unit,
            "since": timestamp(alert.since),
        }
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            answer = await client.post(self._url, json=told)
        if not answer.is_success:
            raise ConnectionError(f"The address answered {answer.status_code}.")


class SentryAlerts:
    """A message at Sentry."""

    name: ClassVar[str] = "sentry"

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    async def tell(self, alert: Alert) -> None:
        self._reports.message(alert.text, rule=alert.rule, state=alert.state.value)

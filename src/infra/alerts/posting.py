"""How operators are told at an address of theirs: chat systems, pagers."""

from typing import ClassVar

import httpx

from domains.shared.clock import timestamp
from infra.alerts.rules import Alert

_TIMEOUT_SECONDS = 10


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

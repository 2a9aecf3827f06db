"""Letters whose sending is timed and counted."""

from domains.identity import Letters
from infra.metrics.providers import ProviderMeter

_PROVIDER = "mail"


class WatchedLetters:
    """The `Letters` of another, watched."""

    def __init__(self, letters: Letters, meter: ProviderMeter) -> None:
        self._letters = letters
        self._meter = meter

    async def send(self, *, to: str, template: str, words: dict[str, str], language: str | None = None) -> None:
        with self._meter.call(_PROVIDER):
            await self._letters.send(to=to, template=template, words=words, language=language)

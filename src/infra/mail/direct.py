"""Letters that no envelope stands behind: alerts, of which the next look tells again."""

from datetime import UTC

from domains.letters import Letter, Post
from domains.shared.ids import new_id
from domains.shared.languages import language_of


class DirectLetters:
    """The `Letters` that go straight to the mail server, and are written down nowhere. Times are in UTC."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def send(
        self,
        *,
        to: str,
        template: str,
        words: dict[str, str],
        language: str | None = None,
        calendar: str | None = None,
    ) -> None:
        """Raise whatever keeps it from being taken."""
        letter = Letter(
            to=to, template=template, words=words, language=language_of(language), timezone=str(UTC), calendar=calendar
        )
        await self._post.call(new_id(), letter, _begin)


async def _begin() -> None:
    """There is nothing to write down."""

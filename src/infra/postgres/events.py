"""What has happened in a tenant."""

from uuid import UUID

from infra.postgres.work import PostgresWork

_SUBJECT = "select subject_id from events where id = $1"


class PostgresEvents:
    """The events of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def subject_of(self, event: UUID) -> UUID:
        """What the event is about. Raises `LookupError` when the tenant has no such event."""
        async with self._work:
            subject = await self._work.connection.fetchval(_SUBJECT, event)
        if not isinstance(subject, UUID):
            raise LookupError(event)
        return subject

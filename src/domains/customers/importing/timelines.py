"""What imports leave in the timelines of those whom they bring."""

from domains.customers.events import CustomersImported
from domains.customers.timeline import TimelineEntries, TimelineEntry, TimelineKind
from domains.shared.events import Recorded


class ImportTimelines:
    """Writes one event about many customers into the timeline of each, by the person who asked for the import."""

    def __init__(self, entries: TimelineEntries) -> None:
        self.entries = entries

    async def hear(self, event: Recorded) -> None:
        told = CustomersImported.of(event)
        kinds = {TimelineKind.CUSTOMER_IMPORTED: told.created, TimelineKind.CUSTOMER_UPDATED: told.updated}
        await self.entries.add_all(
            [
                TimelineEntry(
                    id=event.id,
                    customer=customer,
                    kind=kind,
                    subject=customer,
                    actor=told.requested_by,
                    occurred_at=event.occurred_at,
                )
                for kind, customers in kinds.items()
                for customer in customers
            ]
        )

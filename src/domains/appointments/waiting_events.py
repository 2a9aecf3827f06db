"""What happens on the waiting list."""

from uuid import UUID

from domains.shared.events import Event


class WaitingListJoined(Event, frozen=True):
    """Somebody waits for a time."""

    type = "waiting_list.joined"

    customer_id: UUID


class WaitingListOffered(Event, frozen=True):
    """A time that became free is kept for who was first."""

    type = "waiting_list.offered"

    customer_id: UUID


class WaitingListPassed(Event, frozen=True):
    """What was offered was not taken: who waited goes on waiting."""

    type = "waiting_list.passed"

    customer_id: UUID


class WaitingListBooked(Event, frozen=True):
    """What was offered was booked."""

    type = "waiting_list.booked"

    customer_id: UUID


class WaitingListLeft(Event, frozen=True):
    """The place is given up: by who waited, by the business, or because its time is over."""

    type = "waiting_list.left"

    customer_id: UUID

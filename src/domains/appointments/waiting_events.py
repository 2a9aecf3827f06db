"""What happens on the waiting list."""

from domains.customers import OfCustomer


class WaitingListJoined(OfCustomer, frozen=True):
    """Somebody waits for a time."""

    type = "waiting_list.joined"


class WaitingListOffered(OfCustomer, frozen=True):
    """A time that became free is kept for who was first."""

    type = "waiting_list.offered"


class WaitingListPassed(OfCustomer, frozen=True):
    """What was offered was not taken: who waited goes on waiting."""

    type = "waiting_list.passed"


class WaitingListBooked(OfCustomer, frozen=True):
    """What was offered was booked."""

    type = "waiting_list.booked"


class WaitingListLeft(OfCustomer, frozen=True):
    """The place is given up: by who waited, by the business, or because its time is over."""

    type = "waiting_list.left"

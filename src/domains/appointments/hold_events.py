"""What becomes of times that visitors hold."""

from domains.shared.events import Event


class HoldMade(Event, frozen=True):
    """A time is kept free for a visitor."""

    type = "slot_hold.made"


class HoldBooked(Event, frozen=True):
    """What was held is a visit."""

    type = "slot_hold.booked"


class HoldReleased(Event, frozen=True):
    """The visitor gave the time back."""

    type = "slot_hold.released"


class HoldExpired(Event, frozen=True):
    """Its time is over."""

    type = "slot_hold.expired"

"""When what failed is tried again."""

_MOST_ATTEMPTS = 10
_LONGEST_DELAY_SECONDS = 3600


def seconds_until_next(attempts: int) -> float | None:
    """After 1 s, 2 s, 4 s … up to an hour; None after ten tries: it is for an operator. `attempts` came before this."""
    return None if attempts + 1 >= _MOST_ATTEMPTS else min(2**attempts, _LONGEST_DELAY_SECONDS)

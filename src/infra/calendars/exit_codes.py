"""How the process that reads a calendar says that it has not."""

NOT_A_CALENDAR, TOO_MUCH = 2, 3

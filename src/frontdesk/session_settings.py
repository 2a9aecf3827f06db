"""How long sessions last, as an operator sets it."""

from datetime import timedelta

from domains.identity import SessionTerms
from frontdesk.variables import Variables

_HOUR, _YEAR = timedelta(hours=1), timedelta(days=365)


def session_terms_in(of: Variables) -> SessionTerms:
    """`REFRESH_EXPIRES_IN` and the three beside it."""
    usual = SessionTerms()
    return SessionTerms(
        idle=of.duration("REFRESH_EXPIRES_IN", usual.idle, low=_HOUR, high=_YEAR),
        remembered=of.duration("REFRESH_REMEMBERED_EXPIRES_IN", usual.remembered, low=_HOUR, high=_YEAR),
        longest=of.duration("SESSION_EXPIRES_IN", usual.longest, low=_HOUR, high=_YEAR),
        most=of.whole("SESSIONS_PER_ACCOUNT", usual.most, low=1, high=1000),
    )

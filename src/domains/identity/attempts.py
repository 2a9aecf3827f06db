"""Attempts to get in that were refused, as they are noted."""

from domains.shared.audit import Note
from domains.shared.contact import EmailAddress
from domains.shared.errors import ValidationFailed


def refused(action: str, address: str) -> Note:
    """What was given as an address is kept only if it is one: people type passwords into the wrong field."""
    try:
        return Note(action=action, address=EmailAddress.parse(address, "email").value)
    except ValidationFailed:
        return Note(action=action)

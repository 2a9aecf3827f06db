"""What invitations refuse, beyond what every domain does."""

from domains.shared.errors import Expired


class InvitationExpired(Expired):
    """An invitation that was used, revoked, or is over 7 days old."""

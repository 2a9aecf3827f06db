"""What happens to invitations."""

from domains.shared.events import Event


class InvitationMade(Event, frozen=True):
    """An invitation is to be mailed, for the first time or again. The subject is the invitation."""

    type = "invitation.made"

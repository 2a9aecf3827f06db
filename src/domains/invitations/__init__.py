"""Invitations: how people come to a tenant that is there."""

from domains.invitations.accepting import AcceptingInvitations, AcceptInvitation, Entry, Invitee, InviteeCheck
from domains.invitations.events import InvitationMade
from domains.invitations.invitation import (
    Invitation,
    InvitationQueries,
    Invitations,
    InvitationStatus,
    InvitationView,
    Invite,
    MailedInvitation,
)
from domains.invitations.inviting import MAIL_INVITATION, InvitationLetters, Inviting

__all__ = [
    "MAIL_INVITATION",
    "AcceptInvitation",
    "AcceptingInvitations",
    "Entry",
    "Invitation",
    "InvitationLetters",
    "InvitationMade",
    "InvitationQueries",
    "InvitationStatus",
    "InvitationView",
    "Invitations",
    "Invite",
    "Invitee",
    "InviteeCheck",
    "Inviting",
    "MailedInvitation",
]

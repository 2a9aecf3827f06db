"""Exports: all that there is of a tenant, or of one person in it, as a file to take away."""

from domains.exports.beginning import OWN_EXPORT, TENANT_EXPORT, Exports
from domains.exports.exporting import Exporting
from domains.exports.ports import Archive, ArchiveState, Batch, ExportSource, Member, Piece

__all__ = [
    "OWN_EXPORT",
    "TENANT_EXPORT",
    "Archive",
    "ArchiveState",
    "Batch",
    "ExportSource",
    "Exporting",
    "Exports",
    "Member",
    "Piece",
]

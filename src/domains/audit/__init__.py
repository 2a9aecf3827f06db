"""Audit: what was done in a tenant, by whom, and the proof that the record was not changed since."""

from domains.audit.chain import Chain, Part, Seal, SealedEntry, Verification
from domains.audit.ports import AuditErasure, AuditFilter, AuditQueries, Seals
from domains.audit.refusals import Refusals
from domains.audit.views import AuditEntryView, ChangeView, VerificationView

__all__ = [
    "AuditEntryView",
    "AuditErasure",
    "AuditFilter",
    "AuditQueries",
    "Chain",
    "ChangeView",
    "Part",
    "Refusals",
    "Seal",
    "SealedEntry",
    "Seals",
    "Verification",
    "VerificationView",
]
